// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Platform;

/// <summary>A function of mm/memblock.c that a boot calls, or a setting of it. native/kernel numbers them
/// alike.</summary>
public enum MemblockCallKind
{
    /// <summary>memblock_add_node().</summary>
    Add,
    /// <summary>memblock_remove().</summary>
    Remove,
    /// <summary>memblock_reserve().</summary>
    Reserve,
    /// <summary>memblock_phys_free().</summary>
    Free,
    /// <summary>memblock_set_node() on memory.</summary>
    SetNode,
    /// <summary>memblock_mark_hotplug().</summary>
    MarkHotplug,
    /// <summary>memblock_mark_mirror().</summary>
    MarkMirror,
    /// <summary>memblock_mark_nomap().</summary>
    MarkNomap,
    /// <summary>memblock_clear_hotplug().</summary>
    ClearHotplug,
    /// <summary>memblock_clear_nomap().</summary>
    ClearNomap,
    /// <summary>memblock_trim_memory(): Size is the alignment.</summary>
    Trim,
    /// <summary>memblock_mark_kho_scratch(): what kho_extend_scratch() does to memory that holds nothing of the kernel
    /// before (7.3).</summary>
    MarkKhoScratch,
    /// <summary>memblock_set_node() on reserved memory.</summary>
    SetNodeReserved,
    /// <summary>memblock_reserved_mark_noinit().</summary>
    MarkNoinit,
    /// <summary>memblock_set_bottom_up(): Size is 1 or 0.</summary>
    BottomUp,
    /// <summary>memblock_set_current_limit(): Address is the limit.</summary>
    CurrentLimit,
    /// <summary>memblock_alloc_try_nid(). An allocation takes Size bytes from Address on, below Limit.</summary>
    Alloc,
    /// <summary>memblock_alloc_exact_nid_raw().</summary>
    AllocExact,
    /// <summary>memblock_phys_alloc_range().</summary>
    PhysAlloc,
    /// <summary>memblock_overlaps_region() on memory.</summary>
    Overlaps,
    /// <summary>memblock_overlaps_region() on reserved memory.</summary>
    OverlapsReserved,
    /// <summary>All that for_each_mem_range() and for_each_free_mem_range() of a node show, forward and reverse, as
    /// one number.</summary>
    Walk,
    /// <summary>memblock_allow_resize(): arrays grow from memblock. In a scenario without a map, in front of all
    /// others: slab comes up behind the last.</summary>
    AllowResize,
    /// <summary>Slab is up: arrays grow from it. This and what follows only a boot calls, no scenario.</summary>
    SlabIsAvailable,
    /// <summary>memblock_validate_numa_coverage(): Size is the threshold, Nid 1 where it holds, else
    /// 0.</summary>
    ValidateCoverage,
}

/// <summary>One call, as a log traces it, a recorded case lists it and another implementation of memblock can repeat
/// it.</summary>
/// <param name="Address">First byte.</param>
/// <param name="Size">Length in bytes, or the alignment of a trim.</param>
/// <param name="Nid">Node of add, set_node and allocations; <see cref="PfnRange.MaxNumnodes"/>: none.</param>
/// <param name="Flags">enum memblock_flags of an add.</param>
/// <param name="Limit">The byte behind the last that an allocation may take; 0: the current limit.</param>
/// <param name="Alignment">Of an allocation, in bytes; 0: a cache line.</param>
[StructLayout(LayoutKind.Explicit)]
public readonly record struct MemblockCall(
    [field: FieldOffset(0)] MemblockCallKind Kind,
    [field: FieldOffset(8)] ulong Address,
    [field: FieldOffset(16)] ulong Size,
    [field: FieldOffset(4)] int Nid,
    [field: FieldOffset(24)] MemblockFlags Flags,
    [field: FieldOffset(32)] ulong Limit = 0,
    [field: FieldOffset(40)] ulong Alignment = 0)
{
    /// <summary>True for a call that memblock answers: an allocation, or a question.</summary>
    public bool IsAnswered => Kind is >= MemblockCallKind.Alloc and <= MemblockCallKind.Walk;

    /// <summary>True for a call that takes memory.</summary>
    public bool IsAllocation => Kind is >= MemblockCallKind.Alloc and <= MemblockCallKind.PhysAlloc;
}
