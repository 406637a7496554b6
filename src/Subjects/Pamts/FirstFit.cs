// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>
/// alloc_contig_pages() on a machine whose pages are all free above 1 MiB: zones Normal, DMA32 and DMA of the node;
/// candidates start at the zone's start rounded by the kernel's ALIGN(), in steps of the size.
/// </summary>
internal static class FirstFit
{
    /// <summary>Finds a place for a number of page frames among a node's joined blocks.</summary>
    public static bool TryPlace(ReadOnlySpan<AddressRange> blocks, TakenPages taken, ulong pages, out ulong pfn)
    {
        foreach (var zone in Zones.HighestFirst)
        {
            if (TryZone(blocks, zone, taken, pages, out pfn))
                return true;
        }

        pfn = 0;
        return false;
    }

    private static bool TryZone(
        ReadOnlySpan<AddressRange> blocks, AddressRange zone, TakenPages taken, ulong pages, out ulong pfn)
    {
        ulong candidate = 0;
        var isFirst = true;
        foreach (var whole in blocks)
        {
            var block = Zones.Common(whole, zone);
            if (block.IsEmpty)
                continue;

            // The kernel rounds bitwise although the size is usually no power of two.
            candidate = isFirst ? unchecked(block.Start + pages - 1) & ~(pages - 1) : candidate;
            isFirst = false;
            candidate = NextFrom(block.Start, candidate, pages);
            if (TryBlock(block, taken, pages, ref candidate))
            {
                pfn = candidate;
                return true;
            }
        }

        pfn = 0;
        return false;
    }

    private static bool TryBlock(AddressRange block, TakenPages taken, ulong pages, ref ulong candidate)
    {
        var next = taken.FirstAbove(candidate);
        while (candidate < block.End && block.End - candidate >= pages)
        {
            if (next == taken.Count || taken[next].Start >= candidate + pages)
                return true;

            candidate = NextFrom(taken[next].End, candidate, pages);
            while (next < taken.Count && taken[next].End <= candidate)
                next++;
        }

        return false;
    }

    private static ulong NextFrom(ulong start, ulong candidate, ulong pages) =>
        start <= candidate ? candidate
        : start - candidate <= pages ? candidate + pages
        : candidate + ((start - candidate + pages - 1) / pages * pages);
}
