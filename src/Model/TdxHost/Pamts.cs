// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>The PAMTs of all TDMRs: sizes, placement, freeing and conversion back.</summary>
internal sealed class Pamts(HostEnvironment environment, TdmrList tdmrs)
{
    private const int BitsPerByte = 8;

    private bool _warnedNoBase;

    public bool IsDynamic { get; set; }

    /// <summary>tdmr_get_pamt_sz(): bytes of one level, a multiple of 4 KiB.</summary>
    public static ulong Size(ulong tdmrSize, ulong pageSize, ulong entrySize) =>
        Pages.AlignUp(unchecked(tdmrSize / pageSize * entrySize), Sizes.Page4K);

    /// <summary>Bytes of the bitmap that stands for the 4K level with Dynamic PAMT: a bit a page.</summary>
    public static ulong BitmapSize(ulong tdmrSize) =>
        Pages.AlignUp(((tdmrSize / Sizes.Page4K) + BitsPerByte - 1) / BitsPerByte, Sizes.Page4K);

    public void Reset() => _warnedNoBase = false;

    /// <summary>tdmrs_set_up_pamt_all().</summary>
    /// <returns>0 or -ENOMEM, then no PAMT is left.</returns>
    public int SetUpAll(ReadOnlySpan<PfnRange> memlist, in ModuleLimits limits)
    {
        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            if (!SetUp(tdmrs[i], memlist, limits))
            {
                FreeAll();
                return -Errno.Enomem;
            }
        }

        return 0;
    }

    /// <summary>tdmrs_free_pamt_all(): the fields of the TDMRs stay.</summary>
    public void FreeAll()
    {
        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            if (IsAllocated(tdmrs[i]))
            {
                var chunk = tdmrs[i].PamtChunk;
                environment.Free(
                    AllocationSite.Pamt, tdmrs[i].PamtOrdinal, Pages.PfnDown(chunk.Start), Pages.PfnDown(chunk.Size));
            }
        }
    }

    /// <summary>tdmrs_reset_pamt_all().</summary>
    public void ResetAll()
    {
        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            if (IsAllocated(tdmrs[i]))
                environment.ConvertBack(tdmrs[i].PamtChunk.Start, tdmrs[i].PamtChunk.Size);
        }
    }

    /// <summary>tdmrs_count_pamt_kb(): KB of 1024 bytes.</summary>
    public ulong CountKb()
    {
        ulong bytes = 0;
        for (var i = 0; i < tdmrs.Consumed; i++)
            bytes += tdmrs[i].PamtChunk.Size;

        return bytes / Sizes.Kib;
    }

    /// <summary>tdmr_set_up_pamt().</summary>
    private bool SetUp(Tdmr tdmr, ReadOnlySpan<PfnRange> memlist, in ModuleLimits limits)
    {
        var nid = NodeOf(tdmr, memlist);
        Span<ulong> sizes =
        [
            IsDynamic ? BitmapSize(tdmr.Size) : Size(tdmr.Size, Sizes.Page4K, limits.Pamt4KEntrySize),
            Size(tdmr.Size, Sizes.Page2M, limits.Pamt2MEntrySize),
            Size(tdmr.Size, Sizes.Page1G, limits.Pamt1GEntrySize),
        ];
        var pages = Pages.PfnDown(unchecked(sizes[0] + sizes[1] + sizes[2]));
        var ordinal = environment.AllocateContiguous(pages, nid, out var pfn);
        if (ordinal == 0)
            return false;

        tdmr.PamtOrdinal = ordinal;
        tdmr.PamtNid = nid;
        tdmr.SetPamts(Pages.Address(pfn), sizes);
        return true;
    }

    /// <summary>tdmr_get_nid(): node of the first entry that ends after the TDMR begins.</summary>
    private int NodeOf(Tdmr tdmr, ReadOnlySpan<PfnRange> memlist)
    {
        var first = Pages.PfnDown(tdmr.Base);
        foreach (ref readonly var entry in memlist)
        {
            if (entry.End > first)
                return entry.Nid;
        }

        environment.Log(KernelLine.NoLocalNode, tdmr.Base, tdmr.End);
        return 0;
    }

    /// <summary>tdmr_do_pamt_func(): skips TDMRs without PAMT, warns once about one at address 0.</summary>
    private bool IsAllocated(Tdmr tdmr)
    {
        var chunk = tdmr.PamtChunk;
        if (chunk.Start == chunk.End)
            return false;

        if (chunk.Start == 0 && !_warnedNoBase)
        {
            _warnedNoBase = true;
            environment.Warn();
        }

        return chunk.Start != 0;
    }
}
