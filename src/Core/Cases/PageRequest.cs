// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What alloc_contig_pages() is asked for, as far as it is not GFP_KERNEL from any node.</summary>
[Flags]
public enum PageRequest
{
    None = 0,
    /// <summary>__GFP_MOVABLE: the pages may be moved away, or offlined.</summary>
    Movable = 1,
    /// <summary>__GFP_THISNODE, or a mask without other nodes that have memory: no other node is tried.</summary>
    ThisNode = 2,
    /// <summary>Without __GFP_DIRECT_RECLAIM: nothing is moved or given back to make room.</summary>
    NoReclaim = 4,
    /// <summary>__GFP_DMA or __GFP_DMA32: memory below 4 GiB alone.</summary>
    Low = 8,
}
