// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Model.TdxHost;

/// <summary>The reserved areas of all TDMRs: holes first, then PAMTs, then sorted.</summary>
internal sealed class ReservedAreas
{
    private readonly HostEnvironment _environment;
    private readonly TdmrList _tdmrs;
    private readonly Comparison<ReservedArea> _compare;
    private readonly List<AddressRange> _chunks = [];
    private int _maxPerTdmr;
    private int _firstWithoutPamt;
    private bool _warnedNoPamt;
    private bool _warnedOverlap;

    public ReservedAreas(HostEnvironment environment, TdmrList tdmrs)
    {
        _environment = environment;
        _tdmrs = tdmrs;
        _compare = Compare;
    }

    public void Reset() => _warnedNoPamt = _warnedOverlap = false;

    /// <summary>tdmrs_populate_rsvd_areas_all().</summary>
    /// <param name="memory">Ascending ranges that are not holes: the memlist, or the CMRs.</param>
    /// <returns>0, -ENOSPC or -EINVAL.</returns>
    public int PopulateAll(ReadOnlySpan<AddressRange> memory, int maxPerTdmr)
    {
        _maxPerTdmr = maxPerTdmr;
        ListChunks();
        for (var i = 0; i < _tdmrs.Consumed; i++)
        {
            var error = Populate(_tdmrs[i], memory);
            if (error != 0)
                return error;
        }

        return 0;
    }

    /// <summary>tdmr_populate_rsvd_areas().</summary>
    private int Populate(Tdmr tdmr, ReadOnlySpan<AddressRange> memory)
    {
        var error = AddHoles(tdmr, memory);
        if (error != 0)
            return error;

        error = AddPamts(tdmr);
        if (error != 0)
            return error;

        Sort(CollectionsMarshal.AsSpan(tdmr.Reserved));
        return 0;
    }

    /// <summary>The PAMT chunks of all TDMRs, worked out once.</summary>
    private void ListChunks()
    {
        _chunks.Clear();
        _firstWithoutPamt = -1;
        for (var i = 0; i < _tdmrs.Consumed; i++)
        {
            var chunk = _tdmrs[i].PamtChunk;
            if (_firstWithoutPamt < 0 && (chunk.Start == chunk.End || chunk.Start == 0))
                _firstWithoutPamt = i;

            _chunks.Add(chunk);
        }
    }

    private void Sort(Span<ReservedArea> areas)
    {
        if (!IsInOrder(areas))
            KernelSort.Sort(areas, _compare);
    }

    /// <summary>Areas that ascend and are disjoint: no sort moves them, and no comparison warns.</summary>
    private static bool IsInOrder(ReadOnlySpan<ReservedArea> areas)
    {
        for (var i = 1; i < areas.Length; i++)
        {
            var end = unchecked(areas[i - 1].Offset + areas[i - 1].Size);
            if (end < areas[i - 1].Offset || end > areas[i].Offset || areas[i - 1].Offset == areas[i].Offset)
                return false;
        }

        return areas.Length == 0 || unchecked(areas[^1].Offset + areas[^1].Size) >= areas[^1].Offset;
    }

    /// <summary>tdmr_populate_rsvd_holes().</summary>
    private int AddHoles(Tdmr tdmr, ReadOnlySpan<AddressRange> memory)
    {
        var previousEnd = tdmr.Base;
        foreach (ref readonly var range in memory)
        {
            if (range.Start >= tdmr.End)
                break;

            if (range.End < tdmr.Base)
                continue;

            if (range.Start > previousEnd && Add(tdmr, previousEnd, range.Start, ReservedKind.Hole) is var error
                and not 0)
            {
                return error;
            }

            previousEnd = range.End;
        }

        return previousEnd < tdmr.End ? Add(tdmr, previousEnd, tdmr.End, ReservedKind.Hole) : 0;
    }

    /// <summary>tdmr_populate_rsvd_pamts(): every PAMT chunk, clipped to the TDMR; touching ones are not
    /// joined.</summary>
    private int AddPamts(Tdmr tdmr)
    {
        var chunks = CollectionsMarshal.AsSpan(_chunks);
        for (var i = 0; i < chunks.Length; i++)
        {
            ref readonly var chunk = ref chunks[i];
            if (i == _firstWithoutPamt && !_warnedNoPamt)
            {
                _warnedNoPamt = true;
                _environment.Warn();
            }

            if (chunk.End <= tdmr.Base || chunk.Start >= tdmr.End)
                continue;

            var (start, end) = (Math.Max(chunk.Start, tdmr.Base), Math.Min(chunk.End, tdmr.End));
            if (Add(tdmr, start, end, ReservedKind.Pamt) is var error and not 0)
                return error;
        }

        return 0;
    }

    /// <summary>tdmr_add_rsvd_area() for bytes [start, end).</summary>
    private int Add(Tdmr tdmr, ulong start, ulong end, ReservedKind kind)
    {
        var size = unchecked(end - start);
        if (!Pages.IsAligned(start, Sizes.Page4K) || !Pages.IsAligned(size, Sizes.Page4K))
        {
            _environment.Warn();
            return -Errno.Einval;
        }

        if (tdmr.Reserved.Count >= _maxPerTdmr)
        {
            _environment.Log(KernelLine.ReservedAreasExhausted, tdmr.Base, tdmr.End);
            return -Errno.Enospc;
        }

        tdmr.Reserved.Add(new ReservedArea(unchecked(start - tdmr.Base), size, kind));
        return 0;
    }

    /// <summary>rsvd_area_cmp_func(): never 0; areas that overlap warn once and count as smaller.</summary>
    private int Compare(ReservedArea one, ReservedArea other)
    {
        if (one.Offset + one.Size <= other.Offset)
            return -1;

        if (one.Offset >= other.Offset + other.Size)
            return 1;

        if (!_warnedOverlap)
        {
            _warnedOverlap = true;
            _environment.Warn();
        }

        return -1;
    }
}
