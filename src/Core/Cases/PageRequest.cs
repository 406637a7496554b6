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
}
