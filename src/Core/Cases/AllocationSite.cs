// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>Places in tdx.c that allocate.</summary>
public enum AllocationSite
{
    /// <summary>A tdx_memlist entry, in add_tdx_memblock().</summary>
    MemlistEntry,
    /// <summary>The array of TDMR addresses, in config_tdx_module().</summary>
    TdmrPaArray,
    /// <summary>The package mask, in config_global_keyid().</summary>
    PackageMask,
    /// <summary>The TDMR buffer: alloc_pages_exact() in alloc_tdmr_list().</summary>
    TdmrBuffer,
    /// <summary>A PAMT: alloc_contig_pages() in tdmr_set_up_pamt().</summary>
    Pamt,
    /// <summary>Whatever else a tree allocates.</summary>
    Other,
}
