// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;

namespace TdxVerify.Model.TdxHost;

/// <summary>The reserved areas of all TDMRs: holes first, then PAMTs, then sorted.</summary>
internal sealed class ReservedAreas(HostEnvironment environment, TdmrList tdmrs, int maxPerTdmr)
{
    private bool _warnedNoPamt;
    private bool _warnedOverlap;

    /// <summary>tdmrs_populate_rsvd_areas_all().</summary>
    /// <param name="memory">Ascending ranges that are not holes: the memlist, or the CMRs.</param>
    /// <returns>0, -ENOSPC or -EINVAL.</returns>
    public int PopulateAll(IReadOnlyList<AddressRange> memory)
    {
        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            var tdmr = tdmrs.Tdmrs[i];
            var error = AddHoles(tdmr, memory);
            error = error != 0 ? error : AddPamts(tdmr);
            if (error != 0)
            {
                return error;
            }

            KernelSort.Sort(tdmr.Reserved, Compare);
        }

        return 0;
    }

    /// <summary>tdmr_populate_rsvd_holes().</summary>
    private int AddHoles(Tdmr tdmr, IReadOnlyList<AddressRange> memory)
    {
        var covered = tdmr.Base;
        foreach (var range in memory)
        {
            if (range.Start >= tdmr.End)
            {
                break;
            }

            if (range.End < tdmr.Base)
            {
                continue;
            }

            if (range.Start > covered && Add(tdmr, covered, range.Start, ReservedKind.Hole) is var error and not 0)
            {
                return error;
            }

            covered = range.End;
        }

        return covered < tdmr.End ? Add(tdmr, covered, tdmr.End, ReservedKind.Hole) : 0;
    }

    /// <summary>tdmr_populate_rsvd_pamts(): every PAMT chunk, clipped to the TDMR; touching ones are not joined.</summary>
    private int AddPamts(Tdmr tdmr)
    {
        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            var chunk = tdmrs.Tdmrs[i].PamtChunk;
            if ((chunk.Start == chunk.End || chunk.Start == 0) && !_warnedNoPamt)
            {
                _warnedNoPamt = true;
                environment.Warn();
            }

            if (chunk.End <= tdmr.Base || chunk.Start >= tdmr.End)
            {
                continue;
            }

            var error = Add(tdmr, Math.Max(chunk.Start, tdmr.Base), Math.Min(chunk.End, tdmr.End), ReservedKind.Pamt);
            if (error != 0)
            {
                return error;
            }
        }

        return 0;
    }

    /// <summary>tdmr_add_rsvd_area() for bytes [start, end).</summary>
    private int Add(Tdmr tdmr, ulong start, ulong end, ReservedKind kind)
    {
        if (!Pages.IsAligned(start, Sizes.Page4K) || !Pages.IsAligned(end - start, Sizes.Page4K))
        {
            environment.Warn();
            return -Errno.Einval;
        }

        if (tdmr.Reserved.Count >= maxPerTdmr)
        {
            environment.Log(KernelLine.ReservedAreasExhausted, tdmr.Base, tdmr.End);
            return -Errno.Enospc;
        }

        tdmr.Reserved.Add(new ReservedArea(unchecked(start - tdmr.Base), end - start, kind));
        return 0;
    }

    /// <summary>rsvd_area_cmp_func(): never 0; areas that overlap warn once and count as smaller.</summary>
    private int Compare(ReservedArea one, ReservedArea other)
    {
        if (one.Offset + one.Size <= other.Offset)
        {
            return -1;
        }

        if (one.Offset >= other.Offset + other.Size)
        {
            return 1;
        }

        if (!_warnedOverlap)
        {
            _warnedOverlap = true;
            environment.Warn();
        }

        return -1;
    }
}
