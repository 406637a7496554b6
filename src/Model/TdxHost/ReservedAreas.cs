// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Model.TdxHost;

/// <summary>The reserved areas of all TDMRs: holes first, then PAMTs, then sorted.</summary>
internal sealed class ReservedAreas
{
    private readonly HostEnvironment _environment;
    private readonly TdmrList _tdmrs;
    private readonly ReservedAreaRules _rules;
    private readonly Comparison<ReservedArea> _compare;
    private readonly List<AddressRange> _chunks = [];
    private int _maxPerTdmr;
    private int _firstWithoutPamt;
    private bool _warnedNoPamt;
    private bool _warnedOverlap;

    public ReservedAreas(HostEnvironment environment, TdmrList tdmrs, ReservedAreaRules rules)
    {
        _environment = environment;
        _tdmrs = tdmrs;
        _rules = rules;
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
            var tdmr = _tdmrs[i];
            var error = AddHoles(tdmr, memory);
            error = error != 0 ? error : AddPamts(tdmr, i);
            if (error != 0)
                return error;

            Sort(CollectionsMarshal.AsSpan(tdmr.Reserved));
        }

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

            _chunks.Add(
                _rules.OnlyPamt4K
                    ? chunk with { End = unchecked(chunk.Start + _tdmrs[i].PamtSize(PamtLevel.Level4K)) }
                    : chunk);
        }
    }

    private void Sort(Span<ReservedArea> areas)
    {
        if (IsInOrder(areas))
            return;

        if (_rules.SortsByInsertion)
            KernelSort.InsertionSort(areas, _compare);
        else if (!_rules.LeavesUnsorted)
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
        var covered = tdmr.Base;
        foreach (ref readonly var range in memory)
        {
            if (range.End < tdmr.Base || (_rules.SkipsTouching && range.End == tdmr.Base))
                continue;

            if (IsBehind(range.Start, tdmr.End))
                break;

            var isHole = (range.Start > covered || (_rules.AddsEmptyHoles && range.Start == covered))
                && !(_rules.ForgetsHead && covered == tdmr.Base);
            if (isHole && Add(tdmr, covered, range.Start, ReservedKind.Hole) is var error and not 0)
                return error;

            covered = _rules.TakesHighestEnd ? Math.Max(covered, range.End) : range.End;
        }

        var isTail = covered < tdmr.End || (_rules.AddsEmptyTail && covered == tdmr.End);
        return isTail && !_rules.ForgetsTail ? Add(tdmr, covered, tdmr.End, ReservedKind.Hole) : 0;
    }

    private bool IsBehind(ulong start, ulong end) =>
        !_rules.WalksPastEnd && (start > end || (start == end && !_rules.LooksAtNext));

    /// <summary>tdmr_populate_rsvd_pamts(): every PAMT chunk, clipped to the TDMR; touching ones are not
    /// joined.</summary>
    private int AddPamts(Tdmr tdmr, int own)
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

            if (chunk.End < tdmr.Base || chunk.Start > tdmr.End || !IsInScope(i, own)
                || (!_rules.CountsTouchingPamts && (chunk.End == tdmr.Base || chunk.Start == tdmr.End)))
            {
                continue;
            }

            var error = _rules.LeavesUnclipped
                ? Add(tdmr, chunk.Start, chunk.End, ReservedKind.Pamt)
                : Add(tdmr, Math.Max(chunk.Start, tdmr.Base), Math.Min(chunk.End, tdmr.End), ReservedKind.Pamt);
            if (error != 0)
                return error;
        }

        return 0;
    }

    private bool IsInScope(int index, int own) => _rules.Pamts switch
    {
        PamtScope.Others => index != own,
        PamtScope.UpToOwn => index <= own,
        _ => true,
    };

    /// <summary>tdmr_add_rsvd_area() for bytes [start, end).</summary>
    private int Add(Tdmr tdmr, ulong start, ulong end, ReservedKind kind)
    {
        if (!_rules.TakesAnyBytes
            && (!Pages.IsAligned(start, Sizes.Page4K) || !Pages.IsAligned(unchecked(end - start), Sizes.Page4K)))
        {
            _environment.Warn();
            return -Errno.Einval;
        }

        if (!_rules.Limit.Allows(tdmr.Reserved.Count, _maxPerTdmr))
        {
            if (_rules.Limit == LimitTest.Drops)
                return 0;

            _environment.Log(KernelLine.ReservedAreasExhausted, tdmr.Base, tdmr.End);
            return -Errno.Enospc;
        }

        var offset = _rules.OffsetsAreAbsolute ? start : unchecked(start - tdmr.Base);
        tdmr.Reserved.Add(new ReservedArea(offset, unchecked(end - start), kind));
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
