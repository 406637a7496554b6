// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What mainline decided and other designs decide otherwise: an AS-MERGED invariant judges only hosts that
/// made the same choice.</summary>
[Flags]
public enum MergedChoices
{
    /// <summary>None of them, or nobody knows.</summary>
    None = 0,
    /// <summary>A range that reaches into a GiB which no TDMR covers yet opens one TDMR (fill_out_tdmrs()).</summary>
    TdmrPerRange = 1,
    /// <summary>The three PAMTs of a TDMR are one allocation (tdmr_set_up_pamt()).</summary>
    OnePamtChunk = 2,
    /// <summary>Holes are what lies between entries of tdx_memlist (tdmr_populate_rsvd_holes()).</summary>
    HolesFromMemlist = 4,
    /// <summary>Memory goes online when one entry of tdx_memlist holds it (is_tdx_memory()).</summary>
    OneEntryOnline = 8,
    /// <summary>A status, a fault and a second call are these errnos and no others (sc_retry_prerr(),
    /// tdx_enable()).</summary>
    Errnos = 16,
    /// <summary>What is logged, and in which words (pr_info(), pr_warn() and pr_err() of tdx.c).</summary>
    LogLines = 32,
    /// <summary>TDX_RND_NO_ENTROPY is met ten times in a row (sc_retry(), RDRAND_RETRY_LOOPS).</summary>
    TenTries = 64,
    /// <summary>An entry of tdx_memlist is of one region of memblock.memory (build_tdx_memlist()).</summary>
    EntryPerRegion = 128,
    All = TdmrPerRange | OnePamtChunk | HolesFromMemlist | OneEntryOnline | Errnos | LogLines | TenTries
        | EntryPerRegion,
}
