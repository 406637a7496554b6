// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Model.TdxHost;

/// <summary>struct tdmr_info_list: one buffer for the most TDMRs the module takes, and how many are in use.</summary>
public sealed class TdmrList(HostEnvironment environment)
{
    /// <summary>TDMR_NR_WARN.</summary>
    private const int NearLimit = 4;

    /// <summary>TDMR_ALIGNMENT.</summary>
    private const ulong Alignment = Sizes.Page1G;

    private const ulong ReservedAreaBytes = 16;

    private readonly List<Tdmr> _tdmrs = [];
    private readonly List<Tdmr> _spare = [];

    public int Max { get; private set; }

    /// <summary>nr_consumed_tdmrs: stays after the buffer is freed, as in the kernel.</summary>
    public int Consumed { get; private set; }

    /// <summary>tdmr_sz: distance between two TDMRs in the buffer, in bytes.</summary>
    public ulong Stride { get; private set; }

    /// <summary>The allocation of the buffer, freed or not; 0 before the first.</summary>
    public int Buffer { get; private set; }

    public IReadOnlyList<Tdmr> Tdmrs => _tdmrs;
    public Tdmr this[int index] => _tdmrs[index];

    /// <summary>Back to the static state of a booting kernel.</summary>
    public void Reset()
    {
        Max = Consumed = Buffer = 0;
        Stride = 0;
        DropAll();
    }

    /// <summary>alloc_tdmr_list(): a zeroed buffer.</summary>
    /// <returns>0 or -ENOMEM.</returns>
    public int Allocate(in ModuleLimits limits)
    {
        // The header is padded to its alignment before the areas are counted on top, so it takes 512 bytes, not 64.
        var stride =
            Pages.AlignUp(TdmrInfo.Alignment + (ReservedAreaBytes * limits.MaxReservedPerTdmr), TdmrInfo.Alignment);
        var buffer = environment.AllocatePagesExact(stride * limits.MaxTdmrs);
        if (buffer == 0)
            return -Errno.Enomem;

        Stride = stride;
        Buffer = buffer;
        Max = limits.MaxTdmrs;
        Consumed = 0;
        DropAll();
        return 0;
    }

    /// <summary>free_tdmr_list(): Consumed is not reset.</summary>
    public void Free() => environment.Free(AllocationSite.TdmrBuffer, Buffer);

    /// <summary>Notes a read of the buffer.</summary>
    public void Touch() => environment.Touch(AllocationSite.TdmrBuffer, Buffer);

    /// <summary>fill_out_tdmrs(): one TDMR for every entry that reaches beyond the last one.</summary>
    /// <returns>0 or -ENOSPC.</returns>
    public int FillOut(ReadOnlySpan<PfnRange> memlist)
    {
        var current = Take();
        foreach (ref readonly var entry in memlist)
        {
            var start = Pages.AlignDown(Pages.Address(entry.Start), Alignment);
            var end = Pages.AlignUp(Pages.Address(entry.End), Alignment);
            if (current.Size != 0)
            {
                if (end <= current.End)
                    continue;

                start = Math.Max(start, current.End);
                if (_tdmrs.Count >= Max)
                {
                    environment.Log(KernelLine.TdmrsExhausted);
                    return -Errno.Enospc;
                }

                current = Take();
            }

            current.Base = start;
            current.Size = unchecked(end - start);
        }

        Consumed = _tdmrs.Count;
        if (Max - Consumed < NearLimit)
            environment.Log(KernelLine.TdmrsNearLimit, (ulong)Consumed, (ulong)Max);

        return 0;
    }

    /// <summary>Writes down the TDMRs in use.</summary>
    public void Capture(TdmrTable table)
    {
        for (var i = 0; i < Consumed; i++)
        {
            var tdmr = _tdmrs[i];
            foreach (ref readonly var area in CollectionsMarshal.AsSpan(tdmr.Reserved))
                table.AddReserved(area.Offset, area.Size);

            table.Add(
                tdmr.Base, tdmr.Size, Pamt(tdmr, PamtLevel.Level4K), Pamt(tdmr, PamtLevel.Level2M),
                Pamt(tdmr, PamtLevel.Level1G));
        }
    }

    private static PamtView Pamt(Tdmr tdmr, PamtLevel level) => new(tdmr.PamtBase(level), tdmr.PamtSize(level));

    private Tdmr Take()
    {
        if (_tdmrs.Count == _spare.Count)
            _spare.Add(new Tdmr());

        var tdmr = _spare[_tdmrs.Count];
        tdmr.Clear();
        _tdmrs.Add(tdmr);
        return tdmr;
    }

    private void DropAll() => _tdmrs.Clear();
}
