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
    All = TdmrPerRange | OnePamtChunk | HolesFromMemlist | OneEntryOnline,
}
