// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;

namespace TdxVerify.Model.Memblock;

/// <summary>Where the nodes of a boot came from.</summary>
public enum NodeSource
{
    /// <summary>The SRAT.</summary>
    Srat,

    /// <summary>No SRAT: one node 0 over everything.</summary>
    SingleNode,

    /// <summary>The command line turned NUMA off.</summary>
    TurnedOff,

    /// <summary>The SRAT was given up because blocks of two nodes overlap, or it has too many.</summary>
    SratRejected,

    /// <summary>The SRAT was given up because it leaves more than 1 MiB of RAM without a node.</summary>
    SratIncomplete,

    /// <summary>memblock calls say the nodes themselves.</summary>
    MemblockCalls,
}

/// <summary>What boot left in memblock.</summary>
/// <param name="EarlyRanges">What "Early memory node ranges" prints: before HOTPLUG flags are cleared.</param>
/// <param name="Nodes">Where the nodes came from.</param>
/// <param name="MaxPfn">max_pfn: the page frame after the last RAM or ACPI entry.</param>
public sealed record BootResult(IReadOnlyList<PfnRange> EarlyRanges, NodeSource Nodes, ulong MaxPfn);
