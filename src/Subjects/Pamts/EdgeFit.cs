// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>The highest or the lowest place of the node.</summary>
internal static class EdgeFit
{
    /// <summary>The highest place for a number of page frames in the last of a node's blocks that has one.</summary>
    public static bool TryHighest(ReadOnlySpan<AddressRange> blocks, TakenPages taken, ulong pages, out ulong pfn)
    {
        for (var i = blocks.Length - 1; i >= 0; i--)
        {
            if (TryDown(blocks[i], taken, pages, out pfn))
                return true;
        }

        pfn = 0;
        return false;
    }

    /// <summary>The lowest place for a number of page frames in the first of a node's blocks that has one.</summary>
    public static bool TryLowest(ReadOnlySpan<AddressRange> blocks, TakenPages taken, ulong pages, out ulong pfn)
    {
        foreach (var block in blocks)
        {
            if (TryUp(block, taken, pages, out pfn))
                return true;
        }

        pfn = 0;
        return false;
    }

    private static bool TryDown(AddressRange block, TakenPages taken, ulong pages, out ulong pfn)
    {
        var end = block.End;
        var below = taken.FirstAbove(end - 1);
        below = below < taken.Count && taken[below].Start < end ? below : below - 1;
        for (; end >= block.Start && end - block.Start >= pages; end = taken[below--].Start)
        {
            pfn = end - pages;
            if (below < 0 || taken[below].End <= pfn)
                return true;
        }

        pfn = 0;
        return false;
    }

    private static bool TryUp(AddressRange block, TakenPages taken, ulong pages, out ulong pfn)
    {
        pfn = block.Start;
        for (var above = taken.FirstAbove(pfn); pfn <= block.End && block.End - pfn >= pages; pfn = taken[above++].End)
        {
            if (above == taken.Count || taken[above].Start >= pfn + pages)
                return true;
        }

        return false;
    }
}
