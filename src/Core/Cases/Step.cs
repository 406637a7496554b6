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
    /// <summary>"1" is written to the online file of logical processor Cpu.</summary>
    CpuOnline,
    /// <summary>"0" is written to the online file of logical processor Cpu.</summary>
    CpuOffline,
    /// <summary>A guest takes a KeyID: tdx_guest_keyid_alloc().</summary>
    KeyIdAlloc,
    /// <summary>A guest gives KeyId back: tdx_guest_keyid_free().</summary>
    KeyIdFree,
    /// <summary>All processors but the first leave, the machine sleeps, and they come back.</summary>
    Suspend,
    /// <summary>The TDX module is replaced: seamldr_install_module() of an Image, CPUs in an Order.</summary>
    ModuleUpdate,
    /// <summary>The machine is restarted: syscore_shutdown(). The last step.</summary>
    Shutdown,
    /// <summary>The same, and another kernel is started without firmware. The last step.</summary>
    Kexec,
    /// <summary>The kernel dies, and a crash kernel is started. The last step.</summary>
    Crash,
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

    /// <summary>A logical processor, from 0.</summary>
    public int Cpu => _third;

    /// <summary>The number that a step of the running kernel has: a CPU, a KeyID or an image.</summary>
    public int Operand => _third;

    /// <summary>The KeyID that a guest gives back.</summary>
    public uint KeyId => (uint)_third;

    /// <summary>What <see cref="CpuSchedule"/> makes an order of.</summary>
    public ulong Order => _first;

    /// <summary>The file with the new module.</summary>
    public ModuleImage Image => (ModuleImage)_third;

    /// <summary>True for a file that seamldr_install_module() takes.</summary>
    public bool IsSoundImage => Image is ModuleImage.Whole or ModuleImage.Largest;

    /// <summary>What is written to a file.</summary>
    public OnlineType Type { get; }

    /// <summary>True for a step on memory blocks: a scenario that has one is about hotplug.</summary>
    public bool IsHotplug => Kind >= StepKind.HotAdd;

    /// <summary>True for a step of a kernel that has initialised TDX during boot: CPUs, KeyIDs, sleep, an update, the
    /// end.</summary>
    public bool IsOfLife => Kind is >= StepKind.CpuOnline and < StepKind.HotAdd;

    /// <summary>True for a step that the kernel does not survive: none follows it.</summary>
    public bool IsLast => Kind is StepKind.Shutdown or StepKind.Kexec or StepKind.Crash;

    /// <summary>A step on bytes [address, address+size): memory that comes or goes, or a DIMM.</summary>
    public static Step OnMemory(StepKind kind, ulong address, ulong size, int nid = 0) =>
        new(kind, address, size, nid);

    /// <summary>A step at one address: a machine check, or a DIMM that is unplugged.</summary>
    public static Step At(StepKind kind, ulong address) => new(kind, address);

    /// <summary>A step with a number: a logical processor that comes or goes, or a KeyID that a guest gives
    /// back.</summary>
    public static Step Numbered(StepKind kind, int number) => new(kind, third: number);

    /// <summary>A step without operands.</summary>
    public static Step Alone(StepKind kind) => new(kind);

    /// <summary>The module is replaced.</summary>
    public static Step ModuleUpdate(ulong order = 0, ModuleImage image = ModuleImage.Whole) =>
        new(StepKind.ModuleUpdate, order, third: (int)image);

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
    public Step WithNid(int nid) => IsOfLife ? this : new(Kind, _first, _second, nid, Type);

    /// <summary>The same with another CPU, KeyID or image.</summary>
    public Step WithOperand(int operand) => new(Kind, _first, third: operand);
}
