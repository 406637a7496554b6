// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Model.Memblock;

/// <summary>A function of mm/memblock.c that a boot calls, or a setting of it.</summary>
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

    /// <summary>memblock_mark_kho_scratch().</summary>
    MarkKhoScratch,

    /// <summary>memblock_set_node() on reserved memory.</summary>
    SetNodeReserved,

    /// <summary>memblock_set_current_limit(): Address is the limit.</summary>
    CurrentLimit,

    /// <summary>memblock_allow_resize(): arrays grow from memblock.</summary>
    AllowResize,

    /// <summary>Slab is up: arrays grow from it.</summary>
    SlabIsAvailable,
}

/// <summary>One call, as another implementation of memblock can repeat it. Bytes [Address, Address+Size).</summary>
/// <param name="Kind">The function.</param>
/// <param name="Nid">Node of add and set_node.</param>
/// <param name="Address">First byte.</param>
/// <param name="Size">Length.</param>
/// <param name="Flags">Flags of an add.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct MemblockCall(MemblockCallKind Kind, int Nid, ulong Address, ulong Size, ulong Flags);
