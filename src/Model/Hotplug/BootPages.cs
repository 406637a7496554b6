// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.Hotplug;

/// <summary>
/// What struct pages say after boot: memmap_init() with the holes that it fills, which sections are present, and which
/// subsections of them are valid. One can be filled over and over.
/// </summary>
public sealed class BootPages
{
    /// <summary>Pages of a section, 128 MiB.</summary>
    public const ulong SectionPages = BlockSizes.Least >> Sizes.PageShift;
    /// <summary>Pages of a subsection, 2 MiB.</summary>
    public const ulong SubsectionPages = Sizes.Page2M >> Sizes.PageShift;

    private readonly List<PageStretch> _runs = [];
    private readonly List<PfnRange> _sections = [];
    private readonly List<PfnRange> _subsections = [];
    private readonly List<PfnRange> _ranges = [];

    /// <summary>Sections that have a page of memory, as ranges of page frames, ascending.</summary>
    public IReadOnlyList<PfnRange> Sections => _sections;

    /// <summary>Initialises the pages of boot memory.</summary>
    public void Fill(MemblockTable memblock, ZoneTable zones, bool overlap)
    {
        _runs.Clear();
        _sections.Clear();
        _subsections.Clear();
        _ranges.Clear();
        ulong hole = 0;
        ulong end = 0;
        Zone? last = null;
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            // mminit_validate_memmodel_limits(): there are no sections above.
            range = range with { End = Math.Min(range.End, Pages.PfnDown(MemoryHotplug.MaxPhysical)) };
            if (range.Count == 0)
                continue;

            _ranges.Add(range);
            Join(_sections, range, SectionPages);
            Join(_subsections, range, SubsectionPages);
            end = range.End;
            if (!PfnRange.IsValidNode(range.Nid))
                continue;

            for (var kind = ZoneKind.Dma; kind <= ZoneKind.Movable; kind++)
            {
                var zone = zones[range.Nid, kind];
                if (zone.IsPopulated)
                {
                    last = zone;
                    FillZone(memblock, zone, range, overlap, ref hole);
                }
            }
        }

        end = Pages.AlignUp(end, SectionPages);
        if (last is not null && hole < end)
            Append(hole, end, last);
    }

    /// <summary>The zone of a page frame of boot, holes of present sections included; null where there is no
    /// page.</summary>
    public Zone? ZoneOf(ulong pfn) => RunAt(pfn)?.Zone;

    /// <summary>The pages of one zone around a page frame.</summary>
    internal PageStretch? RunAt(ulong pfn)
    {
        var low = 0;
        var high = _runs.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var run = _runs[middle];
            if (pfn < run.Start)
                high = middle - 1;
            else if (pfn >= run.End)
                low = middle + 1;
            else
                return run;
        }

        return null;
    }

    /// <summary>Boot memory of page frames [start, end) that the page allocator was given: nothing below 1 MiB, which
    /// boot reserves.</summary>
    public void CaptureManaged(ulong start, ulong end, Snapshot snapshot)
    {
        start = Math.Max(start, Pages.PfnDown(Sizes.Mib));
        foreach (var range in _ranges)
        {
            var part = range with { Start = Math.Max(start, range.Start), End = Math.Min(end, range.End) };
            if (part.Count > 0)
                snapshot.AddManaged(part);
        }
    }

    public void AddKernelPages(ulong start, ulong end, List<PfnRange> pages)
    {
        start = Math.Max(start, Pages.PfnDown(Sizes.Mib));
        foreach (var run in _runs)
        {
            if (run.Zone.Kind == ZoneKind.Movable || run.End <= start || run.Start >= end)
                continue;

            foreach (var range in _ranges)
            {
                var part =
                    range with
                    {
                        Start = Math.Max(Math.Max(start, run.Start), range.Start),
                        End = Math.Min(Math.Min(end, run.End), range.End)
                    };
                if (part.Count > 0)
                    pages.Add(part);
            }
        }
    }

    /// <summary>The page frame lies in a section that was present at boot.</summary>
    public bool IsPresent(ulong pfn) => Holds(_sections, pfn);

    /// <summary>pfn_section_valid(): its subsection has memory.</summary>
    public bool IsValid(ulong pfn) => Holds(_subsections, pfn);

    private static bool Holds(List<PfnRange> ranges, ulong pfn)
    {
        foreach (var range in ranges)
        {
            if (pfn < range.End)
                return pfn >= range.Start;
        }

        return false;
    }

    private static void Join(List<PfnRange> ranges, in PfnRange added, ulong alignment)
    {
        var start = Pages.AlignDown(added.Start, alignment);
        var end = Pages.AlignUp(added.End, alignment);
        if (ranges.Count > 0 && ranges[^1].End >= start)
            ranges[^1] = ranges[^1] with { End = Math.Max(end, ranges[^1].End) };
        else
            ranges.Add(new PfnRange(start, end, PfnRange.NoNode));
    }

    /// <summary>memmap_init_zone_range(): pages between the last range and this one go to its zone.</summary>
    private void FillZone(MemblockTable memblock, Zone zone, in PfnRange range, bool overlap, ref ulong hole)
    {
        var start = Math.Clamp(range.Start, zone.Start, zone.End);
        var end = Math.Clamp(range.End, zone.Start, zone.End);
        if (start >= end)
            return;

        if (hole < start)
            Append(hole, start, zone);

        if (!(overlap && zone.Kind == ZoneKind.Movable && IsMirror(memblock, start)))
            Append(start, end, zone);

        hole = end;
    }

    /// <summary>overlap_memmap_init(): mirrored memory is not ZONE_MOVABLE's although that spans it.</summary>
    private static bool IsMirror(MemblockTable memblock, ulong pfn)
    {
        foreach (ref readonly var region in memblock.Memory.Regions)
        {
            if (pfn < Pages.PfnDown(region.End))
                return pfn >= Pages.PfnUp(region.Base) && (region.Flags & MemblockFlags.Mirror) != 0;
        }

        return false;
    }

    private void Append(ulong start, ulong end, Zone zone)
    {
        // With mirrored memory ZONE_MOVABLE takes over what ZONE_NORMAL was given just before.
        while (_runs.Count > 0 && _runs[^1].End > start)
        {
            var last = _runs[^1];
            _runs.RemoveAt(_runs.Count - 1);
            if (last.Start < start)
                _runs.Add(last with { End = start });
        }

        _runs.Add(new PageStretch(start, end, zone));
    }
}
