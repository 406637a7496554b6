// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>What happens to a booted machine.</summary>
public enum StepKind
{
    /// <summary>tdx_cpu_enable() on every online CPU, then tdx_enable().</summary>
    EnableTdx,
    /// <summary>Memory is hot-added: memblock_add_node() of bytes [Address, Address+Size).</summary>
    AddMemory,
    /// <summary>MEM_GOING_ONLINE for page frames [Pfn, Pfn+Count).</summary>
    GoingOnline,
    /// <summary>A machine check reports the physical address Address.</summary>
    MachineCheck,
    /// <summary>add_memory() of bytes [Address, Address+Size).</summary>
    HotAdd,
    /// <summary>add_memory_driver_managed() of bytes [Address, Address+Size), as dax/kmem does for CXL
    /// memory.</summary>
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
    /// <summary>A TDX guest's process binds its memory to Nodes; IsForTdx: it says that it is for TDX.</summary>
    GuestPolicy,
    /// <summary>It binds the guest's own memory, a VMA, which counts more.</summary>
    GuestVmaPolicy,
    /// <summary>The guest gets a page.</summary>
    GuestPage,
}

/// <summary>One step of a scenario. Which operands a kind has stands beside it; the others are 0.</summary>
public readonly record struct Step
{
    private readonly ulong _first;
    private readonly ulong _second;
    private readonly int _third;

    private Step(
        StepKind kind, ulong first = 0, ulong second = 0, int third = 0, OnlineType type = OnlineType.Offline) =>
        (Kind, _first, _second, _third, Type) = (kind, first, second, third, type);

    /// <summary>The step that everything is about.</summary>
    public static Step Enable => new(StepKind.EnableTdx);

    /// <summary>A TDX guest gets a page.</summary>
    public static Step GuestPage => new(StepKind.GuestPage);

    public StepKind Kind { get; }

    /// <summary>First byte.</summary>
    public ulong Address => _first;

    /// <summary>Length in bytes.</summary>
    public ulong Size => _second;

    /// <summary>Bytes [Address, Address+Size), cut at 2^64-1.</summary>
    public AddressRange Range => AddressRange.OfSize(_first, _second);

    public int Nid => _third;

    /// <summary>First page frame of going-online.</summary>
    public ulong Pfn => _first;

    public ulong Count => _second;

    /// <summary>Mask of the nodes that a guest's policy names.</summary>
    public ulong Nodes => _first;

    /// <summary>The guest's process says that it is for TDX.</summary>
    public bool IsForTdx => _third != 0;

    /// <summary>What is written to a file.</summary>
    public OnlineType Type { get; }

    /// <summary>True for a step on memory blocks: a scenario that has one is about hotplug.</summary>
    public bool IsHotplug => Kind >= StepKind.HotAdd;

    /// <summary>A step on bytes [address, address+size): memory that comes or goes, or a DIMM.</summary>
    public static Step OnMemory(StepKind kind, ulong address, ulong size, int nid = 0) =>
        new(kind, address, size, nid);

    /// <summary>A step at one address: a machine check, or a DIMM that is unplugged.</summary>
    public static Step At(StepKind kind, ulong address) => new(kind, address);

    public static Step GoingOnline(ulong pfn, ulong count) => new(StepKind.GoingOnline, pfn, count);

    /// <summary>The memory block at an address goes online.</summary>
    public static Step Online(ulong address, OnlineType type) => new(StepKind.BlockOnline, address, type: type);

    /// <summary>The memory block at an address goes offline.</summary>
    public static Step Offline(ulong address) => new(StepKind.BlockOffline, address);

    public static Step AutoOnline(OnlineType type) => new(StepKind.AutoOnline, type: type);
    public static Step GuestPolicy(StepKind kind, ulong nodes, bool isForTdx) =>
        new(kind, nodes, third: isForTdx ? 1 : 0);

    /// <summary>The same on other bytes.</summary>
    public Step WithRange(ulong address, ulong size) => new(Kind, address, size, _third, Type);

    /// <summary>The same operands under another kind that takes them.</summary>
    public Step WithKind(StepKind kind) => new(kind, _first, _second, _third, Type);

    /// <summary>The same on another node; a guest's process that does not name TDX.</summary>
    public Step WithNid(int nid) => new(Kind, _first, _second, nid, Type);
}
