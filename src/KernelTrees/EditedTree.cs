// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>A kernel tree with one file that has another text: a folder of links to the real one.</summary>
public sealed class EditedTree : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-edited-").FullName;

    /// <summary>Makes one; the original is not written to.</summary>
    /// <param name="file">From the top of the tree.</param>
    public EditedTree(KernelTree original, string file, string text)
    {
        Link(original.Folder, _folder, file.Split('/'));
        File.WriteAllText(Path.Combine(_folder, file), text);
        Tree = original with { Folder = _folder };
    }

    public KernelTree Tree { get; }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Link(string from, string to, ReadOnlySpan<string> file)
    {
        foreach (var entry in Directory.GetFileSystemEntries(from))
        {
            var name = Path.GetFileName(entry);
            if (name != file[0])
                File.CreateSymbolicLink(Path.Combine(to, name), entry);
            else if (file.Length > 1)
                Link(entry, Directory.CreateDirectory(Path.Combine(to, name)).FullName, file[1..]);
        }
    }
}
