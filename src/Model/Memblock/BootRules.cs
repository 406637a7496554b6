// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>What the x86 boot does from the memory map to memblock, one member a decision; each says from which
/// release on it is so.</summary>
public sealed record BootRules
{
    /// <summary>The boot of 6.12.</summary>
    public static BootRules Merged { get; } = new();

    /// <summary>numa_cleanup_meminfo() clips nodes to [0, max_pfn) instead of to DRAM: before 6.12, and seen only with
    /// numa=fake.</summary>
    public bool NodesStartAtZero { get; init; }

    /// <summary>A memory map of one entry counts (7.0, here from 7.1 on); before, append_e820_table() refuses it.
    /// Decides which machines are generated; a boot takes what it is given.</summary>
    public bool TakesOneEntryMap { get; init; }

    /// <summary>numa_add_memblk() answers -EINVAL for a node that can't be, which ends the SRAT (7.3); before, the
    /// entry is ignored.</summary>
    public bool RejectsBadNode { get; init; }

    /// <summary>kho_extend_scratch(): after a kexec that hands memory over, every GiB without such memory is
    /// KHO_SCRATCH for good (7.3). Decides which machines are generated: the marks are calls of memblock.</summary>
    public bool ExtendsKhoScratch { get; init; }
}
