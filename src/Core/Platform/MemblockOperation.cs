// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>A call of a memblock function that a log traces or a recorded case lists.</summary>
public enum MemblockOperationKind
{
    /// <summary>memblock_add() or memblock_add_node().</summary>
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

    /// <summary>memblock_mark_kho_scratch(): what kho_extend_scratch() does to memory that holds nothing of the kernel before (7.3).</summary>
    MarkKhoScratch,
}

/// <summary>One memblock call.</summary>
/// <param name="Kind">The function.</param>
/// <param name="Address">First byte.</param>
/// <param name="Size">Length in bytes, or the alignment of a trim.</param>
/// <param name="Nid">Node of add and set_node; <see cref="Addressing.PfnRange.MaxNumnodes"/>: none.</param>
/// <param name="Flags">memblock flags of an add.</param>
public readonly record struct MemblockOperation(MemblockOperationKind Kind, ulong Address, ulong Size, int Nid, uint Flags);
