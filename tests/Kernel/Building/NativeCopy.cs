// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Kernel.Building;

/// <summary>A copy of native/kernel that may be changed.</summary>
internal sealed class NativeCopy : IDisposable
{
    /// <summary>Copies it.</summary>
    public NativeCopy()
    {
        var original = Path.Combine(Repository.Root, "native", "kernel");
        foreach (var file in Directory.GetFiles(original, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Folder, Path.GetRelativePath(original, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    /// <summary>Where it lies.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("tdxverify-native-").FullName;

    /// <summary>Changes a file; the old text must be there once.</summary>
    public void Replace(string file, string old, string text)
    {
        var path = Path.Combine(Folder, file);
        var parts = File.ReadAllText(path).Split(old);
        Assert.Equal(2, parts.Length);
        File.WriteAllText(path, string.Join(text, parts));
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
