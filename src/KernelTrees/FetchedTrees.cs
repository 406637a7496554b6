// SPDX-License-Identifier: MIT

namespace TdxVerify.KernelTrees;

/// <summary>Which unpacked trees were once the answer to what was asked: they do when nothing can be
/// fetched.</summary>
internal sealed class FetchedTrees(TreeCache cache, string kind)
{
    /// <summary>Notes what a suite, or apt, answered with. A release needs no note: its trees are known by their
    /// version.</summary>
    public void Note(DebianChoice choice, DebianSource source)
    {
        if (choice.Release is null && !Noted(choice).Contains(source.Key))
        {
            Directory.CreateDirectory(cache.Of(kind));
            File.AppendAllText(NotesOf(choice), source.Key + "\n");
        }
    }

    /// <summary>The newest tree that answers a choice; null when there is none.</summary>
    public DebianSource? Newest(DebianChoice choice)
    {
        var there = cache.Keys(kind).Select(DebianSource.FromKey).OfType<DebianSource>().ToArray();
        return choice.Release is not null ? choice.Newest(there)
            : choice.Newest(there.IntersectBy(Noted(choice), static s => s.Key))
            // A cache of before has no notes.
            ?? (choice.Suite is null ? choice.Newest(there) : null);
    }

    private string[] Noted(DebianChoice choice) =>
        File.Exists(NotesOf(choice)) ? File.ReadAllLines(NotesOf(choice)) : [];
    private string NotesOf(DebianChoice choice) =>
        Path.Combine(cache.Of(kind), ".of-" + (choice.Suite ?? "apt-itself"));
}
