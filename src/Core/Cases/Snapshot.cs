// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>What a subject's state was after a step.</summary>
public sealed class Snapshot
{
    private readonly List<MemblockRegion> _memory = [];
    private readonly List<MemblockRegion> _reserved = [];
    private readonly List<AddressRange> _arrays = [];
    private readonly List<ulong> _answers = [];
    private readonly List<PfnRange> _memlist = [];
    private readonly List<BlockView> _blocks = [];
    private readonly List<ZoneView> _zones = [];
    private readonly List<PfnRange> _managed = [];

    /// <summary>memblock.memory in array order.</summary>
    public ReadOnlySpan<MemblockRegion> Memory => CollectionsMarshal.AsSpan(_memory);

    /// <summary>memblock.reserved in array order.</summary>
    public ReadOnlySpan<MemblockRegion> Reserved => CollectionsMarshal.AsSpan(_reserved);

    /// <summary>Memory that memblock took for its own arrays: memory's, then reserved's; what is static or from slab
    /// is left out.</summary>
    public ReadOnlySpan<AddressRange> Arrays => CollectionsMarshal.AsSpan(_arrays);

    /// <summary>What memblock answered so far to the calls that ask it, in their order: an address, or 0 and 1 for no
    /// and yes.</summary>
    public ReadOnlySpan<ulong> Answers => CollectionsMarshal.AsSpan(_answers);

    /// <summary>tdx_memlist in list order.</summary>
    public ReadOnlySpan<PfnRange> Memlist => CollectionsMarshal.AsSpan(_memlist);

    /// <summary>Memory blocks, ascending; none in a scenario without hotplug.</summary>
    public ReadOnlySpan<BlockView> Blocks => CollectionsMarshal.AsSpan(_blocks);

    /// <summary>Zones that span anything, by node and kind; none in a scenario without hotplug.</summary>
    public ReadOnlySpan<ZoneView> Zones => CollectionsMarshal.AsSpan(_zones);

    /// <summary>Pages that the page allocator was given, ascending; none in a scenario without hotplug.</summary>
    public ReadOnlySpan<PfnRange> Managed => CollectionsMarshal.AsSpan(_managed);

    /// <summary>TDMRs in use; empty when the buffer is not allocated.</summary>
    public TdmrTable Tdmrs { get; } = new();

    /// <summary>memblock.memory.total_size in bytes; a trim leaves what it cut in it.</summary>
    public ulong MemoryBytes { get; set; }

    /// <summary>memblock.reserved.total_size in bytes.</summary>
    public ulong ReservedBytes { get; set; }

    /// <summary>How often a WARN_ON of memblock fired, or it printed an error.</summary>
    public int MemblockWarnings { get; set; }

    /// <summary>What the last call of memblock returned that failed, an errno (negative); 0: none did.</summary>
    public int MemblockErrno { get; set; }

    /// <summary>X86_FEATURE_TDX_HOST_PLATFORM.</summary>
    public bool HasTdxHostCapability { get; set; }

    /// <summary>S3 is there (acpi_suspend_lowlevel).</summary>
    public bool CanSuspend { get; set; }

    /// <summary>X86_BUG_TDX_PW_MCE.</summary>
    public bool HasErratum { get; set; }

    /// <summary>X86_BUG_SEAMRET_INVD_VMCS (7.x).</summary>
    public bool HasSeamretBug { get; set; }

    /// <summary>A bit for each of the first 64 CPUs whose caches kexec has to flush: cache_state_incoherent
    /// (7.x).</summary>
    public ulong IncoherentCaches { get; set; }

    public bool IsInitialized { get; set; }

    /// <summary>What tdx_get_sysinfo() tells (7.x): the same for the same values; 0 where it tells nothing.</summary>
    public ulong SysinfoDigest { get; set; }

    /// <summary>A bit for each of the first 64 CPUs on which TDX has a reference to VMX (7.x).</summary>
    public ulong VmxUsers { get; set; }

    /// <summary>A bit for each of the first 64 CPUs that is online (7.x).</summary>
    public ulong OnlineCpus { get; set; }

    /// <summary>KeyIDs that guests have (7.x).</summary>
    public int KeyIdsInUse { get; set; }

    /// <summary>tdx_global_keyid; 0 before it is set.</summary>
    public uint GlobalKeyId { get; set; }

    /// <summary>tdx_guest_keyid_start; 0 before it is set.</summary>
    public uint GuestKeyIdStart { get; set; }

    public uint GuestKeyIds { get; set; }

    public void Clear()
    {
        _memory.Clear();
        _reserved.Clear();
        _arrays.Clear();
        _answers.Clear();
        _memlist.Clear();
        _blocks.Clear();
        _zones.Clear();
        _managed.Clear();
        Tdmrs.Clear();
        MemoryBytes = ReservedBytes = SysinfoDigest = IncoherentCaches = VmxUsers = OnlineCpus = 0;
        MemblockErrno = MemblockWarnings = KeyIdsInUse = 0;
        HasTdxHostCapability = IsInitialized = CanSuspend = HasErratum = HasSeamretBug = false;
        GlobalKeyId = GuestKeyIdStart = GuestKeyIds = 0;
    }

    /// <summary>Adds the next region of memblock.memory.</summary>
    public void Add(in MemblockRegion region) => _memory.Add(region);

    /// <summary>Adds the next region of memblock.reserved.</summary>
    public void AddReserved(in MemblockRegion region) => _reserved.Add(region);

    /// <summary>Adds the memory of an array.</summary>
    public void AddArray(in AddressRange array) => _arrays.Add(array);

    /// <summary>Adds the next answer of memblock.</summary>
    public void AddAnswer(ulong answer) => _answers.Add(answer);

    /// <summary>Adds the next entry of tdx_memlist.</summary>
    public void Add(in PfnRange entry) => _memlist.Add(entry);

    public void Add(in BlockView block) => _blocks.Add(block);
    public void Add(in ZoneView zone) => _zones.Add(zone);

    /// <summary>Adds the next pages of the page allocator.</summary>
    public void AddManaged(in PfnRange range) => _managed.Add(range);
}
