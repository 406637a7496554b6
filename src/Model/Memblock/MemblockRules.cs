// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>Which neighbours memblock_merge_regions() joins.</summary>
public enum MergeRule
{
    /// <summary>Touching ones with the same node and flags.</summary>
    SameNodeAndFlags,
    /// <summary>Touching ones with the same flags.</summary>
    AnyNode,
    /// <summary>Touching ones with the same node.</summary>
    AnyFlags,
    /// <summary>None.</summary>
    Never,
}

/// <summary>What memblock does, one member a decision; the default is mm/memblock.c.</summary>
public sealed record MemblockRules
{
    /// <summary>mm/memblock.c of 6.12.</summary>
    public static MemblockRules Merged { get; } = new();

    public MergeRule Merge { get; init; }

    /// <summary>The merge window begins at the first changed region instead of the one before it.</summary>
    public bool MergesFromFirst { get; init; }

    /// <summary>memblock_isolate_range() doesn't split at the end of the range.</summary>
    public bool IsolatesStartOnly { get; init; }

    /// <summary>memblock_remove_range() leaves the last region inside.</summary>
    public bool RemovesAllButLast { get; init; }

    /// <summary>for_each_mem_pfn_range() rounds outward.</summary>
    public bool RoundsOutward { get; init; }

    /// <summary>memblock_add_range() forgets what lies behind the last region it overlaps.</summary>
    public bool AddForgetsTail { get; init; }

    /// <summary>memblock_add_range() inserts over regions that are there.</summary>
    public bool AddsOver { get; init; }

    /// <summary>memblock_insert_region() is given the index behind the right one.</summary>
    public bool InsertsBehind { get; init; }

    /// <summary>memblock_isolate_range() splits at an edge that is one already.</summary>
    public bool SplitsAtEdge { get; init; }

    /// <summary>trim_bios_range() is left out.</summary>
    public bool KeepsBiosRange { get; init; }

    /// <summary>The HOTPLUG flag is not cleared when boot ends.</summary>
    public bool KeepsHotplug { get; init; }
}
