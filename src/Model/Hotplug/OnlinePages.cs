// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>Which zone an online page belongs to, and how zones shrink when pages leave them.</summary>
/// <param name="boot">What boot made of the pages.</param>
public sealed class OnlinePages(MemoryBlocks blocks, BootPages boot)
{
    /// <summary>pfn_to_online_page() and page_zone(): null when the page is not online.</summary>
    public Zone? ZoneOf(ulong pfn) =>
        blocks.OfPage(pfn) is { HasOnlineSections: true } block ? ZoneIn(block, pfn) : null;

    /// <summary>page_zone() of a page whose block is there, online or not.</summary>
    public Zone? RawZoneOf(MemoryBlock block, ulong pfn) => block.IsRezoned ? block.Zone : boot.ZoneOf(pfn);

    /// <summary>remove_pfn_range_from_zone(): the zone shrinks when page frames [start, start+pages) were at one of
    /// its ends.</summary>
    public void Shrink(Zone zone, ulong start, ulong pages)
    {
        if (zone.Start == start)
        {
            var end = zone.End;
            var first = First(zone, start + pages, end);
            zone.Span(first ?? 0, first is null ? 0 : end);
        }
        else if (zone.End == start + pages)
        {
            var last = Last(zone, zone.Start, start);
            zone.Span(last is null ? 0 : zone.Start, last is { } pfn ? pfn + 1 : 0);
        }
    }

    /// <summary>find_smallest_section_pfn(): looks at one page frame of each subsection only.</summary>
    private ulong? First(Zone zone, ulong start, ulong end)
    {
        var pfn = start;
        for (var index = blocks.FirstFrom(start / blocks.BlockPages); pfn < end && index < blocks.All.Count; index++)
        {
            var block = blocks.All[index];
            var blockStart = blocks.StartOf(block);
            if (pfn < blockStart)
            {
                pfn += (blockStart - pfn
                    + BootPages.SubsectionPages - 1) / BootPages.SubsectionPages * BootPages.SubsectionPages;
            }

            var stop = Math.Min(end, blockStart + blocks.BlockPages);
            while (block.HasOnlineSections && pfn < stop)
            {
                if (ZoneIn(block, pfn) == zone)
                    return pfn;

                pfn += BootPages.SubsectionPages;
            }
        }

        return null;
    }

    /// <summary>find_biggest_section_pfn(), the same from above.</summary>
    private ulong? Last(Zone zone, ulong start, ulong end)
    {
        if (end <= start)
            return null;

        var pfn = end - 1;
        for (var index = blocks.FirstFrom((pfn / blocks.BlockPages) + 1) - 1; index >= 0; index--)
        {
            var block = blocks.All[index];
            var blockStart = blocks.StartOf(block);
            var blockEnd = blockStart + blocks.BlockPages;
            if (pfn >= blockEnd)
            {
                pfn -= (pfn - blockEnd
                    + BootPages.SubsectionPages) / BootPages.SubsectionPages * BootPages.SubsectionPages;
            }

            var least = Math.Max(start, blockStart);
            while (block.HasOnlineSections && pfn >= least)
            {
                if (ZoneIn(block, pfn) == zone)
                    return pfn;

                if (pfn < BootPages.SubsectionPages)
                    return null;

                pfn -= BootPages.SubsectionPages;
            }

            if (blockStart <= start)
                return null;
        }

        return null;
    }

    private Zone? ZoneIn(MemoryBlock block, ulong pfn) => block.IsRezoned
        ? block.Zone
        : boot.IsPresent(pfn) && boot.IsValid(pfn) ? boot.ZoneOf(pfn) : null;
}
