// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>The list-build path: memblock regions to entries of tdx_memlist, without the allocations.</summary>
public static class MemlistPath
{
    private const ulong FirstPfn = Sizes.Mib >> Sizes.PageShift;

    /// <summary>for_each_mem_pfn_range() with the cut at 1 MiB, as merged.</summary>
    /// <param name="entries">Where entries go; as long as the regions, and undefined behind the last entry.</param>
    public static int Build(ReadOnlySpan<MemblockRegion> regions, Span<PfnRange> entries)
    {
        if (entries.Length < regions.Length)
            throw new ArgumentException("as many entries as regions are needed", nameof(entries));

        // An entry is written for every region and written over when nothing is left of it: no branch to guess.
        var count = 0;
        foreach (ref readonly var region in regions)
        {
            var start = Math.Max(Pages.PfnUp(region.Base), FirstPfn);
            var end = Pages.PfnDown(region.End);
            entries[count] = new PfnRange(start, end, region.Nid);
            count += start < end ? 1 : 0;
        }

        return count;
    }

    public static int Build(MemblockTable memblock, MemlistRules rules, Span<PfnRange> entries)
    {
        var count = 0;
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            if (rules.FirstMib == FirstMib.EndsWalk && range.End <= FirstPfn)
                break;

            if (rules.FirstMib == FirstMib.SkipsRange && range.Start < FirstPfn)
                continue;

            var start = rules.FirstMib == FirstMib.Kept ? range.Start : Math.Max(range.Start, FirstPfn);
            var end = range.End - (rules.DropsLastPage ? 1UL : 0);
            if (rules.JoinsTouching && count > 0 && entries[count - 1].End == start)
                entries[count - 1] = entries[count - 1] with { End = end };
            else if (start < end || (rules.KeepsEmpty && start == end))
                entries[count++] = new PfnRange(start, end, rules.LosesNid ? 0 : range.Nid);
        }

        if (rules.AddsAtHead)
            entries[..count].Reverse();

        return count;
    }
}
