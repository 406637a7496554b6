// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What happens to a booted machine.</summary>
public enum StepKind
{
    /// <summary>tdx_cpu_enable() on every online CPU, then tdx_enable().</summary>
    EnableTdx,

    /// <summary>Memory is hot-added: memblock_add_node() of bytes [Address, Address+Size).</summary>
    AddMemory,

    /// <summary>MEM_GOING_ONLINE for page frames [Address, Address+Size).</summary>
    GoingOnline,

    /// <summary>A machine check reports the physical address Address.</summary>
    MachineCheck,

    /// <summary>add_memory() of bytes [Address, Address+Size).</summary>
    HotAdd,

    /// <summary>add_memory_driver_managed() of bytes [Address, Address+Size), as dax/kmem does for CXL memory.</summary>
    HotAddManaged,

    /// <summary>The type is written to the state file of the memory block at Address.</summary>
    BlockOnline,

    /// <summary>"offline" is written to the state file of the memory block at Address.</summary>
    BlockOffline,

    /// <summary>remove_memory() of bytes [Address, Address+Size).</summary>
    HotRemove,

    /// <summary>offline_and_remove_memory() of bytes [Address, Address+Size).</summary>
    OfflineAndRemove,

    /// <summary>The type is written to auto_online_blocks.</summary>
    AutoOnline,

    /// <summary>A DIMM with bytes [Address, Address+Size) is plugged in.</summary>
    PlugDimm,

    /// <summary>The DIMM at Address is unplugged.</summary>
    UnplugDimm,

    /// <summary>A TDX guest's process binds its memory to the nodes of the mask Address; Nid 1: it says that it is for TDX.</summary>
    GuestPolicy,

    /// <summary>It binds the guest's own memory, a VMA, which counts more.</summary>
    GuestVmaPolicy,

    /// <summary>The guest gets a page.</summary>
    GuestPage,
}

/// <summary>One step of a scenario.</summary>
/// <param name="Kind">What happens.</param>
/// <param name="Address">First byte, or first page frame of <see cref="StepKind.GoingOnline"/>.</param>
/// <param name="Size">Bytes, or page frames.</param>
/// <param name="Nid">Node of added memory.</param>
/// <param name="Type">What is written to a file.</param>
public readonly record struct Step(StepKind Kind, ulong Address = 0, ulong Size = 0, int Nid = 0, OnlineType Type = OnlineType.Offline)
{
    /// <summary>True for a step on memory blocks: a scenario that has one is about hotplug.</summary>
    public bool IsHotplug => Kind >= StepKind.HotAdd;

    /// <summary>The step that everything is about.</summary>
    public static Step Enable => new(StepKind.EnableTdx);
}
