// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Unpacked kernel trees. A tree appears by one rename: it is there as a whole or not at all, whoever else
/// unpacks it meanwhile.</summary>
/// <param name="folder">Made when the first tree is put into it.</param>
public sealed class TreeCache(string folder)
{
    /// <summary>Fills a temporary folder.</summary>
    /// <returns>The top of the tree in it.</returns>
    public delegate string Filler(TemporaryFolder temporary);

    /// <summary>Folder of the trees of one kind.</summary>
    public string Of(string kind) => Path.Combine(folder, kind);

    /// <summary>The tree of a key, or null when it isn't there, lacks files, or was unpacked when fewer
    /// were.</summary>
    public string? Find(string kind, string key)
    {
        var tree = Path.Combine(Of(kind), key);
        return TreeFiles.AreUnpacked(tree) ? tree : null;
    }

    /// <summary>Keys of the trees of one kind.</summary>
    public IEnumerable<string> Keys(string kind) =>
        Directory.Exists(Of(kind))
            ? Directory.GetDirectories(Of(kind)).Select(static d => Path.GetFileName(d))
                .Where(k => Find(kind, k) is not null)
            : [];

    /// <summary>The tree of a key; it is filled when it isn't there.</summary>
    /// <param name="kind">Folder in the cache.</param>
    /// <param name="key">Names the content: what is in the cache is never looked at again.</param>
    /// <param name="name">For messages.</param>
    /// <param name="fill">Makes the tree.</param>
    /// <exception cref="KernelTreeException">What was filled in is no kernel tree with TDX host support.</exception>
    public string Get(string kind, string key, string name, Filler fill)
    {
        if (Find(kind, key) is { } there)
            return there;

        using var temporary = new TemporaryFolder(Of(kind));
        var made = fill(temporary);
        TreeFiles.Require(made, name);
        TreeFiles.Mark(made);
        return Place(made, Path.Combine(Of(kind), key), temporary);
    }

    private static string Place(string made, string target, TemporaryFolder temporary)
    {
        if (Directory.Exists(target) && !TreeFiles.AreUnpacked(target))
        {
            // Somebody cleaned the cache by the age of its files, or an older tdxverify unpacked fewer of them.
            Directory.Move(target, Path.Combine(temporary.Path, "damaged"));
        }

        try
        {
            Directory.Move(made, target);
        }
        catch (IOException) when (TreeFiles.AreUnpacked(target))
        {
            // Another process was first with the same tree: this one goes with the temporary folder.
        }

        return target;
    }
}
