// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.Hotplug;

/// <summary>free_area_init(): the zones that boot memory makes. One can be run over and over.</summary>
public sealed class BootZones
{
    private const ulong DmaEnd = 16 * Sizes.Mib >> Sizes.PageShift;
    private const ulong Dma32End = Sizes.Gib4 >> Sizes.PageShift;
    /// <summary>MAX_ORDER_NR_PAGES: ZONE_MOVABLE begins at a multiple of 4 MiB.</summary>
    private const ulong MovableAlignment = 1024;

    private readonly ulong[] _low = new ulong[Zone.Kinds];
    private readonly ulong[] _high = new ulong[Zone.Kinds];
    private readonly List<ulong> _movable = [];
    private readonly List<PfnRange> _ranges = [];
    private readonly List<int> _nodes = [];
    private IReadOnlyList<PfnRange> _hotpluggable = [];
    private MemblockTable _memblock = new();
    private HotplugParameters _parameters = HotplugParameters.None;

    /// <summary>Where ZONE_MOVABLE begins, on nodes that have one.</summary>
    public IEnumerable<(int Nid, ulong Start)> MovableStarts =>
        _movable.Select(static (start, nid) => (nid, start)).Where(static m => m.start != 0);

    /// <summary>Where zones could lie at all, as page frames [Start, End).</summary>
    public IEnumerable<(string Name, ulong Start, ulong End)> Limits(bool hasDma)
    {
        for (var kind = hasDma ? ZoneKind.Dma : ZoneKind.Dma32; kind < ZoneKind.Movable; kind++)
            yield return (Zone.NameOf(kind), _low[(int)kind], _high[(int)kind]);
    }

    /// <summary>kernelcore=mirror took effect, and page frames may lie in the spans of two zones.</summary>
    public bool Overlap { get; private set; }

    public KernelPolicy Policy { get; set; } = KernelPolicy.Merged;

    /// <summary>kernelcore=mirror makes zones that span one another.</summary>
    private bool MayOverlap => _memblock.MirroredKernelcore && !Policy.EndsZonesAtMovable;

    /// <summary>Lays out the zones.</summary>
    /// <param name="zones">Where they go; empty.</param>
    public void Fill(
        ZoneTable zones, MemblockTable memblock, BootResult boot, HotplugConfig config, HotplugParameters parameters)
    {
        _memblock = memblock;
        _hotpluggable = boot.Hotpluggable;
        _parameters = parameters;
        Array.Clear(_low);
        Array.Clear(_high);
        Overlap = false;
        _ranges.Clear();
        _nodes.Clear();
        _movable.Clear();
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            _ranges.Add(range);
            if (PfnRange.IsValidNode(range.Nid) && !_nodes.Contains(range.Nid))
                _nodes.Add(range.Nid);
        }

        if (_nodes.Count == 0)
            return;

        _nodes.Sort();
        while (_movable.Count <= _nodes[^1])
            _movable.Add(0);

        LimitZones(Pages.PfnDown(memblock.Memory.Regions[0].Base), boot.MaxPfn, config);
        FindMovable();
        foreach (var nid in _nodes)
            FillNode(zones, nid);
    }

    /// <summary>zone_sizes_init(): where zones could lie at all.</summary>
    private void LimitZones(ulong start, ulong maxPfn, HotplugConfig config)
    {
        ReadOnlySpan<ulong> ends =
            [config.HasZoneDma ? Math.Min(DmaEnd, maxPfn) : 0, Math.Min(Dma32End, maxPfn), maxPfn];
        for (var kind = 0; kind < ends.Length; kind++)
        {
            _low[kind] = start;
            _high[kind] = start = Math.Max(ends[kind], start);
        }

        _low[(int)ZoneKind.Movable] = _high[(int)ZoneKind.Movable] = 0;
    }

    /// <summary>find_usable_zone_for_movable(): the highest zone that can have memory.</summary>
    private int MovableBase()
    {
        var kind = (int)ZoneKind.Normal;
        while (kind > 0 && _high[kind] <= _low[kind])
            kind--;

        return kind;
    }

    /// <summary>find_zone_movable_pfns_for_nodes().</summary>
    private void FindMovable()
    {
        if (_parameters.MovableNode)
        {
            foreach (var range in _hotpluggable)
                MoveTo(range.Nid, range.Start);

            AlignMovable();
        }
        else if (_memblock.MirroredKernelcore)
        {
            if (_memblock.HasSomeMirror)
            {
                Overlap = MayOverlap;
                MoveUnmirrored();
                AlignMovable();
            }
        }
        else
        {
            SpreadKernelcore();
        }
    }

    /// <summary>ZONE_MOVABLE of a node begins at its first region above 4 GiB that is not mirrored.</summary>
    private void MoveUnmirrored()
    {
        foreach (ref readonly var region in _memblock.Memory.Regions)
        {
            var start = Pages.PfnUp(region.Base);
            if (start >= Dma32End && (region.Flags & MemblockFlags.Mirror) == 0)
                MoveTo(region.Nid, start);
        }
    }

    private void MoveTo(int nid, ulong start)
    {
        if (nid >= 0 && nid < _movable.Count)
            _movable[nid] = _movable[nid] == 0 ? start : Math.Min(start, _movable[nid]);
    }

    private void SpreadKernelcore()
    {
        ulong total = 0;
        foreach (var range in _ranges)
            total += range.Count;

        var kernelcore = _parameters.KernelcorePercent > 0
            ? total * 100 * _parameters.KernelcorePercent / 10000
            : _parameters.KernelcorePages;
        var movablecore = _parameters.MovablecorePercent > 0
            ? total * 100 * _parameters.MovablecorePercent / 10000
            : _parameters.MovablecorePages;
        if (movablecore > 0)
        {
            movablecore = Math.Min(total, RoundUp(movablecore));
            kernelcore = Math.Max(kernelcore, total - movablecore);
        }

        if (kernelcore == 0 || kernelcore >= total)
            return;

        // Nodes that were too small leave their share to the others.
        var lowest = _low[MovableBase()];
        var usable = (ulong)_nodes.Count;
        do
        {
            SpreadOnce(ref kernelcore, usable, lowest);
            usable--;
        }
        while (usable > 0 && kernelcore > usable);
        AlignMovable();
    }

    private void SpreadOnce(ref ulong kernelcore, ulong usable, ulong lowest)
    {
        var share = kernelcore / usable;
        foreach (var nid in _nodes)
        {
            share = kernelcore < share ? kernelcore / usable : share;
            var left = share;
            foreach (var range in _ranges)
            {
                if (range.Nid == nid && !TakeKernelcore(nid, range, lowest, ref kernelcore, ref left))
                    break;
            }
        }
    }

    private bool TakeKernelcore(int nid, in PfnRange range, ulong lowest, ref ulong kernelcore, ref ulong left)
    {
        var start = Math.Max(range.Start, _movable[nid]);
        if (start >= range.End)
            return true;

        if (start < lowest)
        {
            var kernelPages = Math.Min(range.End, lowest) - start;
            left -= Math.Min(kernelPages, left);
            kernelcore -= Math.Min(kernelPages, kernelcore);
            if (range.End <= lowest)
            {
                _movable[nid] = range.End;
                return true;
            }

            start = lowest;
        }

        var pages = Math.Min(range.End - start, left);
        _movable[nid] = start + pages;
        kernelcore -= Math.Min(kernelcore, pages);
        left -= pages;
        return left > 0;
    }

    private void AlignMovable()
    {
        for (var nid = 0; nid < _movable.Count; nid++)
        {
            var start = RoundUp(_movable[nid]);
            _movable[nid] = start >= NodeSpan(nid).End ? 0 : start;
        }
    }

    private PfnRange NodeSpan(int nid)
    {
        var start = ulong.MaxValue;
        ulong end = 0;
        foreach (var range in _ranges)
        {
            if (range.Nid == nid)
            {
                start = Math.Min(start, range.Start);
                end = Math.Max(end, range.End);
            }
        }

        return new PfnRange(end == 0 ? 0 : start, end, nid);
    }

    private void FillNode(ZoneTable zones, int nid)
    {
        var node = NodeSpan(nid);
        for (var kind = ZoneKind.Dma; kind <= ZoneKind.Movable; kind++)
        {
            var zone = zones[nid, kind];
            var (start, end) = SpanOf(kind, node);
            zone.Span(start, end);
            zone.Present = zone.PresentEarly = end > start ? end - start - Absent(kind, nid, start, end) : 0;
        }
    }

    /// <summary>zone_spanned_pages_in_node().</summary>
    private (ulong Start, ulong End) SpanOf(ZoneKind kind, in PfnRange node)
    {
        var start = Math.Clamp(node.Start, _low[(int)kind], _high[(int)kind]);
        var end = Math.Clamp(node.End, _low[(int)kind], _high[(int)kind]);
        var movable = _movable[node.Nid];
        if (movable != 0)
        {
            if (kind == ZoneKind.Movable)
            {
                start = movable;
                end = Math.Min(node.End, _high[MovableBase()]);
            }
            else if (!MayOverlap && start < movable && end > movable)
            {
                end = movable;
            }
            else if (start >= movable)
            {
                start = end;
            }
        }

        if (end < node.Start || start > node.End)
            return (0, 0);

        start = Math.Max(start, node.Start);
        end = Math.Min(end, node.End);
        return end > start ? (start, end) : (0, 0);
    }

    /// <summary>zone_absent_pages_in_node().</summary>
    private ulong Absent(ZoneKind kind, int nid, ulong start, ulong end)
    {
        var absent = end - start;
        foreach (var range in _ranges)
            absent -= range.Nid == nid ? Clamp(range.End, start, end) - Clamp(range.Start, start, end) : 0;

        if (!MayOverlap || _movable[nid] == 0)
            return absent;

        foreach (ref readonly var region in _memblock.Memory.Regions)
        {
            var isMirror = (region.Flags & MemblockFlags.Mirror) != 0;
            var isElsewhere = (kind == ZoneKind.Movable && isMirror) || (kind == ZoneKind.Normal && !isMirror);
            absent += isElsewhere
                ? Clamp(Pages.PfnDown(region.End), start, end) - Clamp(Pages.PfnUp(region.Base), start, end)
                : 0;
        }

        return absent;
    }

    private static ulong Clamp(ulong pfn, ulong low, ulong high) => Math.Clamp(pfn, low, high);
    private static ulong RoundUp(ulong pfn) => Pages.AlignUp(pfn, MovableAlignment);
}
