// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxHost;

/// <summary>struct tdmr_info_list: one buffer for the most TDMRs the module takes, and how many are in use.</summary>
/// <param name="environment">Where the buffer comes from.</param>
public sealed class TdmrList(HostEnvironment environment)
{
    /// <summary>TDMR_NR_WARN.</summary>
    private const int NearLimit = 4;

    private const ulong ReservedAreaBytes = 16;

    private readonly List<Tdmr> _tdmrs = [];

    /// <summary>max_tdmrs.</summary>
    public int Max { get; private set; }

    /// <summary>nr_consumed_tdmrs: stays after the buffer is freed, as in the kernel.</summary>
    public int Consumed { get; private set; }

    /// <summary>tdmr_sz: distance between two TDMRs in the buffer, in bytes.</summary>
    public ulong Stride { get; private set; }

    /// <summary>The allocation of the buffer, freed or not; 0 before the first.</summary>
    public int Buffer { get; private set; }

    /// <summary>The TDMRs in use.</summary>
    public IReadOnlyList<Tdmr> Tdmrs => _tdmrs;

    /// <summary>alloc_tdmr_list(): a zeroed buffer.</summary>
    /// <returns>0 or -ENOMEM.</returns>
    public int Allocate(in ModuleLimits limits)
    {
        // The header is padded to its alignment before the areas are counted on top, so it takes 512 bytes, not 64.
        var stride = Pages.AlignUp(TdmrInfo.Alignment + (ReservedAreaBytes * limits.MaxReservedPerTdmr), TdmrInfo.Alignment);
        var buffer = environment.AllocatePagesExact(stride * limits.MaxTdmrs);
        if (buffer == 0)
        {
            return -Errno.Enomem;
        }

        Stride = stride;
        Buffer = buffer;
        Max = limits.MaxTdmrs;
        Consumed = 0;
        _tdmrs.Clear();
        return 0;
    }

    /// <summary>free_tdmr_list(): Consumed is not reset.</summary>
    public void Free() => environment.Free(AllocationSite.TdmrBuffer, Buffer);

    /// <summary>Notes a read of the buffer.</summary>
    public void Touch() => environment.Touch(AllocationSite.TdmrBuffer, Buffer);

    /// <summary>fill_out_tdmrs(): one TDMR for every entry that reaches beyond the last one.</summary>
    /// <returns>0 or -ENOSPC.</returns>
    public int FillOut(IReadOnlyList<PfnRange> memlist)
    {
        var current = new Tdmr();
        _tdmrs.Add(current);
        foreach (var entry in memlist)
        {
            var start = Pages.AlignDown(Pages.Address(entry.Start), Sizes.Page1G);
            var end = Pages.AlignUp(Pages.Address(entry.End), Sizes.Page1G);
            if (current.Size != 0)
            {
                if (end <= current.End)
                {
                    continue;
                }

                start = Math.Max(start, current.End);
                if (_tdmrs.Count >= Max)
                {
                    environment.Log(KernelLine.TdmrsExhausted);
                    return -Errno.Enospc;
                }

                current = new Tdmr();
                _tdmrs.Add(current);
            }

            current.Base = start;
            current.Size = unchecked(end - start);
        }

        Consumed = _tdmrs.Count;
        if (Max - Consumed < NearLimit)
        {
            environment.Log(KernelLine.TdmrsNearLimit, (ulong)Consumed, (ulong)Max);
        }

        return 0;
    }
}
