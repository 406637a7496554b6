// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>A kernel tree with one file changed: links to the real one and a copy of that file.</summary>
internal sealed class EditedTree : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-edited-").FullName;

    /// <summary>Changes a file.</summary>
    /// <param name="original">The tree.</param>
    /// <param name="file">The file, from the top of the tree.</param>
    /// <param name="change">From its text to another.</param>
    public EditedTree(KernelTree original, string file, Func<string, string> change)
    {
        Link(original.Folder, _folder, file.Split('/'));
        File.WriteAllText(Path.Combine(_folder, file), change(File.ReadAllText(Path.Combine(original.Folder, file))));
        Tree = original with { Folder = _folder, Name = "edited " + original.Name };
    }

    /// <summary>Makes an edit.</summary>
    public EditedTree(KernelTree original, SourceEdit edit)
        : this(original, edit.File, text => Replace(text, edit))
    {
    }

    /// <summary>The tree.</summary>
    public KernelTree Tree { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>An edit that changes nothing, or two places, would prove nothing: another kernel version is noticed here.</summary>
    private static string Replace(string text, SourceEdit edit)
    {
        var count = text.Split(edit.Old).Length - 1;
        return count == 1
            ? text.Replace(edit.Old, edit.New, StringComparison.Ordinal)
            : throw new InvalidOperationException($"{edit.Name}: expected this in {edit.File} once, it is there {count} times: {edit.Old}");
    }

    private static void Link(string from, string to, ReadOnlySpan<string> file)
    {
        foreach (var entry in Directory.GetFileSystemEntries(from))
        {
            var name = Path.GetFileName(entry);
            if (name != file[0])
            {
                File.CreateSymbolicLink(Path.Combine(to, name), entry);
            }
            else if (file.Length > 1)
            {
                Link(entry, Directory.CreateDirectory(Path.Combine(to, name)).FullName, file[1..]);
            }
        }
    }
}
