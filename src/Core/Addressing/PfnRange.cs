// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>Page frames [Start, End) of one node, half open: what for_each_mem_pfn_range() yields and tdx_memlist
/// holds.</summary>
/// <param name="End">First page frame after the range.</param>
/// <param name="Nid">Node id; -1 (NUMA_NO_NODE) and <see cref="MaxNumnodes"/> both mean none.</param>
public readonly record struct PfnRange(ulong Start, ulong End, int Nid)
{
    /// <summary>NUMA_NO_NODE.</summary>
    public const int NoNode = -1;
    /// <summary>MAX_NUMNODES of an x86-64 kernel with CONFIG_NODES_SHIFT=10; the nid of a region nobody gave a
    /// node.</summary>
    public const int MaxNumnodes = 1024;

    public ulong Count => End > Start ? End - Start : 0;

    /// <summary>The same pages as bytes.</summary>
    public AddressRange Bytes => new(Pages.Address(Start), Pages.Address(End));

    /// <summary>numa_valid_node().</summary>
    public static bool IsValidNode(int nid) => nid is >= 0 and < MaxNumnodes;
}
