// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>A folder to work in, beside the place that its result is renamed to. It goes with everything in
/// it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = ".new-";
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);

    /// <summary>Makes one.</summary>
    /// <param name="parent">Folder that it lies in; it is made when it is not there.</param>
    public TemporaryFolder(string parent)
    {
        Directory.CreateDirectory(parent);
        foreach (
            var old in Directory.GetDirectories(parent, Prefix + "*")
                .Where(static d => DateTime.UtcNow - Directory.GetLastWriteTimeUtc(d) > MaxAge))
        {
            // Left by a process that was killed or lost its power.
            Delete(old);
        }

        Path = System.IO.Path.Combine(parent, Prefix + System.IO.Path.GetRandomFileName());
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string Subfolder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;
    public void Dispose() => Delete(Path);

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // What is left is taken for nothing, and swept a day later.
        }
    }
}
