// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Guest.Kernels;

/// <summary>Another text for one file of a tree, as long as this lives. What a killed process has left is taken back
/// by the next one.</summary>
internal sealed class FileEdit : IDisposable
{
    private readonly string _tree;
    private readonly string _kept;

    /// <summary>Changes a file.</summary>
    /// <param name="kept">Where the original lies meanwhile.</param>
    /// <param name="file">From the top of the tree.</param>
    public FileEdit(string tree, string kept, string file, string text)
    {
        (_tree, _kept) = (tree, kept);
        TakeBack();
        File.WriteAllText(_kept + ".new", $"{file}\n{File.ReadAllText(Path.Combine(tree, file))}");
        File.Move(_kept + ".new", _kept);
        File.WriteAllText(Path.Combine(tree, file), text);
    }

    public void Dispose() => TakeBack();

    /// <summary>The time of the file is that of now: make compiles it again.</summary>
    private void TakeBack()
    {
        if (!File.Exists(_kept))
            return;

        var text = File.ReadAllText(_kept);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(_tree, text[..end]), text[(end + 1)..]);
        File.Delete(_kept);
    }
}
