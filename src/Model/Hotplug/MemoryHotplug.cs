// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.Hotplug;

/// <summary>mm/memory_hotplug.c: memory that is added and removed after boot. One can be booted over and
/// over.</summary>
public sealed class MemoryHotplug
{
    /// <summary>MAX_PHYSMEM_BITS with four levels of page tables: 64 TiB.</summary>
    public const ulong MaxPhysical = 1UL << 46;

    private readonly BootZones _bootZones = new();
    private readonly BootPages _bootPages = new();
    private readonly EarlyBlocks _earlyBlocks;
    private readonly BlockOnlining _onlining;
    private readonly MemblockTable _memblock;
    private readonly IArchKeepMemblock _kept;
    private readonly IHotplugEnvironment _environment;
    private readonly List<PfnRange> _kernelPages = [];
    private HotplugConfig _config = HotplugConfig.TdxHost;
    private HotplugParameters _parameters = HotplugParameters.None;
    private bool _isBooting;

    /// <summary>A machine without memory.</summary>
    /// <param name="kept">What follows hotplug, where it is kept.</param>
    /// <param name="environment">Who is notified and decides about pages.</param>
    public MemoryHotplug(MemblockTable memblock, IArchKeepMemblock kept, IHotplugEnvironment environment)
    {
        _memblock = memblock;
        _kept = kept;
        _environment = environment;
        var pages = new OnlinePages(Blocks, _bootPages);
        _earlyBlocks = new EarlyBlocks(Blocks, Zones, _bootPages);
        _onlining = new BlockOnlining(Blocks, Zones, Ram, pages, environment);
    }

    public KernelPolicy Policy
    {
        get => _onlining.Policy;
        init => _onlining.Policy = _bootZones.Policy = value;
    }

    public MemoryBlocks Blocks { get; } = new();
    public ZoneTable Zones { get; } = new();
    public SystemRam Ram { get; } = new();

    /// <summary>"Zone ranges" of the boot: where zones could lie, as page frames [Start, End).</summary>
    public IEnumerable<(string Name, ulong Start, ulong End)> ZoneLimits => _bootZones.Limits(_config.HasZoneDma);

    /// <summary>"Movable zone start for each node": first page frames.</summary>
    public IEnumerable<(int Nid, ulong Start)> MovableStarts => _bootZones.MovableStarts;

    /// <summary>node_possible_map: nodes that firmware told of, memory or not.</summary>
    public HashSet<int> PossibleNodes { get; } = [];

    /// <summary>auto_online_blocks: what happens to a block when it is added.</summary>
    public OnlineType DefaultOnlineType { get; set; }

    /// <summary>Boots: zones, pages and memory blocks of the memory that memblock has.</summary>
    /// <param name="srat">The SRAT, whose nodes are possible when it was taken.</param>
    /// <param name="e820">The map that "System RAM" comes from; null: memblock's own regions.</param>
    /// <param name="runsUnderHypervisor">CPUs say that they run under a hypervisor.</param>
    public void Boot(
        BootResult boot, IEnumerable<SratEntry> srat, E820Table? e820, bool runsUnderHypervisor, HotplugConfig config,
        HotplugParameters parameters)
    {
        _config = config;
        _parameters = parameters;
        _onlining.Parameters = parameters;
        _isBooting = true;
        DefaultOnlineType = parameters.DefaultState ?? config.OnlineType;
        Zones.Clear();
        Blocks.Clear(BlockSizes.Of(boot.MaxPfn, runsUnderHypervisor));
        _bootZones.Fill(Zones, _memblock, boot, config, parameters);
        _bootPages.Fill(_memblock, Zones, _bootZones.Overlap);
        FillRam(e820);
        FillPossible(boot, srat);
        _earlyBlocks.Fill(_memblock, config.DefersPages, Policy);
    }

    /// <summary>User space runs: mem= bounds nothing any more.</summary>
    public void EndBoot() => _isBooting = false;

    /// <summary>add_memory(): bytes [start, start+size) appear as offline blocks, which are then put online if that is
    /// the default.</summary>
    /// <param name="nid">The node; valid.</param>
    /// <param name="start">First byte.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="isDriverManaged">add_memory_driver_managed(): memblock is told.</param>
    /// <param name="hasMemmap">The caller allows struct pages on the memory itself.</param>
    /// <param name="group">The device it belongs to, or null.</param>
    /// <returns>0 or a negative errno. What becomes of the online attempts is not told.</returns>
    public int Add(int nid, ulong start, ulong size, bool isDriverManaged, bool hasMemmap, MemoryGroup? group)
    {
        var error = AddOffline(nid, start, size, isDriverManaged, hasMemmap, group);
        if (error != 0 || DefaultOnlineType == OnlineType.Offline)
            return error;

        // The walk ends at the first block that is refused, and nobody hears of it.
        for (var at = start; at < start + size; at += Blocks.BlockSize)
        {
            var block = Blocks.Find(at / Blocks.BlockSize)!;
            block.OnlineType = DefaultOnlineType;
            if (DeviceOnline(block) != 0)
                break;
        }

        return 0;
    }

    /// <summary>The first locked section of add_memory(): everything but putting online.</summary>
    public int AddOffline(int nid, ulong start, ulong size, bool isDriverManaged, bool hasMemmap, MemoryGroup? group)
    {
        // A sum that wraps is larger than any bound.
        var range = AddressRange.OfSize(start, size);
        if (range.IsEmpty || range.End > MaxPhysical || (_isBooting && range.End > _parameters.MaxMemory))
            return -Errno.E2big;

        if (!Ram.TryRequest(range))
            return -Errno.Eexist;

        var error = AddRequested(nid, start, size, isDriverManaged, hasMemmap, group);
        if (error != 0)
            Ram.Release(range);

        return error;
    }

    /// <summary>try_remove_memory(): every block of bytes [start, start+size) must be offline.</summary>
    /// <returns>0, -EBUSY, or -EINVAL for a range that is not of whole blocks.</returns>
    public int Remove(ulong start, ulong size)
    {
        if (!IsOfBlocks(start, size))
            return -Errno.Einval;

        var first = Blocks.FirstFrom(start / Blocks.BlockSize);
        var end = Blocks.FirstFrom((start + size) / Blocks.BlockSize);
        for (var i = first; i < end; i++)
        {
            if (Blocks.All[i].IsOnline)
                return -Errno.Ebusy;
        }

        if (!HaveAltmapsAllOrNone(first, end, size))
            return -Errno.Einval;

        _environment.Begin();
        Blocks.Remove(start, size);
        if (_config.KeepsMemblock)
            _kept.Remove(start, size);

        Ram.Release(AddressRange.OfSize(start, size));
        _environment.Done();
        return 0;
    }

    /// <summary>offline_and_remove_memory(): when one block can't go offline, those that did come online
    /// again.</summary>
    public int OfflineAndRemove(ulong start, ulong size)
    {
        if (!IsOfBlocks(start, size))
            return -Errno.Einval;

        var first = Blocks.FirstFrom(start / Blocks.BlockSize);
        var end = Blocks.FirstFrom((start + size) / Blocks.BlockSize);
        Span<OnlineType> types = end - first <= 64 ? stackalloc OnlineType[end - first] : new OnlineType[end - first];
        types.Clear();
        var error = 0;
        for (var i = first; i < end && error == 0; i++)
        {
            var block = Blocks.All[i];
            var wasMovable = _onlining.IsMovable(block);
            var result = DeviceOffline(block);
            types[i - first] = result == 0
                ? wasMovable ? OnlineType.OnlineMovable : OnlineType.OnlineKernel
                : OnlineType.Offline;
            error = Math.Min(result, 0);
        }

        if (error == 0)
        {
            error = Remove(start, size);
            error = Policy.IgnoresFailedRemoval ? 0 : error;
        }

        for (var i = first; i < end && error != 0; i++)
        {
            if (types[i - first] != OnlineType.Offline)
            {
                Blocks.All[i].OnlineType = types[i - first];
                DeviceOnline(Blocks.All[i]);
            }
        }

        return error;
    }

    /// <summary>device_online(): 1 when it is online already.</summary>
    public int DeviceOnline(MemoryBlock block)
    {
        if (block.IsOnline)
            return 1;

        var type = block.OnlineType == OnlineType.Offline ? OnlineType.Online : block.OnlineType;
        var error = _onlining.Online(block, type);
        block.OnlineType = OnlineType.Offline;
        return error;
    }

    /// <summary>device_offline(): 1 when it is offline already.</summary>
    public int DeviceOffline(MemoryBlock block) => block.IsOnline ? _onlining.Offline(block) : 1;

    /// <summary>Online pages that alloc_contig_pages() may take: outside ZONE_MOVABLE, ascending. A block of several
    /// zones counts as a whole.</summary>
    public IReadOnlyList<PfnRange> KernelPages()
    {
        _kernelPages.Clear();
        foreach (var block in Blocks.All)
        {
            var start = Blocks.StartOf(block);
            if (block.IsOnline && block.IsRezoned && block.Zone?.Kind != ZoneKind.Movable)
                _kernelPages.Add(new PfnRange(start + block.VmemmapPages, start + Blocks.BlockPages, block.Nid));
            else if (block.IsOnline && !block.IsRezoned)
                _bootPages.AddKernelPages(start, start + Blocks.BlockPages, _kernelPages);
        }

        return _kernelPages;
    }

    /// <summary>Writes down blocks, zones and managed pages.</summary>
    public void Capture(Snapshot snapshot)
    {
        foreach (var block in Blocks.All)
        {
            var start = Blocks.StartOf(block);
            snapshot.Add(new BlockView(start, start + Blocks.BlockPages, block.IsOnline, block.Nid, block.Zone?.Kind));
            if (block.IsOnline && block.IsRezoned)
                snapshot.AddManaged(new PfnRange(start + block.VmemmapPages, start + Blocks.BlockPages, block.Nid));
            else if (block.IsOnline)
                _bootPages.CaptureManaged(start, start + Blocks.BlockPages, snapshot);
        }

        foreach (var zone in Zones.All)
        {
            if (!zone.IsEmpty)
                snapshot.Add(new ZoneView(zone.Nid, zone.Kind, zone.Start, zone.Spanned, zone.Present));
        }
    }

    /// <summary>valid_zones of an offline block: the default first; of an online one its zone, or none.</summary>
    public IEnumerable<string> ValidZones(MemoryBlock block) => _onlining.ValidZones(block);

    /// <summary>memory_blocks_have_altmaps(): a range of both kinds is a WARN and -EINVAL.</summary>
    private bool HaveAltmapsAllOrNone(int first, int end, ulong size)
    {
        ulong altmaps = 0;
        for (var i = first; i < end; i++)
            altmaps += Blocks.All[i].VmemmapPages > 0 ? 1UL : 0;

        return altmaps == 0 || altmaps == size / Blocks.BlockSize;
    }

    private bool IsOfBlocks(ulong start, ulong size) =>
        size != 0 && Pages.IsAligned(start | size, Blocks.BlockSize) && start <= MaxPhysical && size <= MaxPhysical;

    private int AddRequested(
        int nid, ulong start, ulong size, bool isDriverManaged, bool hasMemmap, MemoryGroup? group)
    {
        if (!IsOfBlocks(start, size) || !PossibleNodes.Contains(nid))
            return -Errno.Einval;

        if (Policy.ChecksAdditions && !_environment.MayAdd(Pages.PfnDown(start), Pages.PfnDown(size)))
            return -Errno.Eperm;

        _environment.Begin();
        var error = AddLocked(nid, start, size, isDriverManaged, hasMemmap, group);
        _environment.Done();
        return error;
    }

    private int AddLocked(int nid, ulong start, ulong size, bool isDriverManaged, bool hasMemmap, MemoryGroup? group)
    {
        if (_config.KeepsMemblock && !_kept.TryAdd(start, size, nid, isDriverManaged))
            return -Errno.Enomem;

        var first = start / Blocks.BlockSize;
        var end = (start + size) / Blocks.BlockSize;
        for (var id = first; id < end; id++)
        {
            if (Blocks.Find(id) is not null)
            {
                // The roll-back takes what was there before along.
                if (_config.KeepsMemblock)
                    _kept.Remove(start, size);

                return -Errno.Eexist;
            }
        }

        var vmemmap = hasMemmap && _parameters.MemmapOnMemory ? Blocks.VmemmapPages : 0;
        for (var id = first; id < end; id++)
            Blocks.Insert(id).BecomeAdded(id, nid, vmemmap, group);

        return 0;
    }

    private void FillPossible(BootResult boot, IEnumerable<SratEntry> srat)
    {
        PossibleNodes.Clear();
        foreach (ref readonly var region in _memblock.Memory.Regions)
            PossibleNodes.Add(region.Nid);

        if (boot.Nodes is NodeSource.Srat or NodeSource.MemblockCalls)
            PossibleNodes.UnionWith(srat.Select(static e => e.Nid));

        PossibleNodes.RemoveWhere(static nid => !PfnRange.IsValidNode(nid));
        if (PossibleNodes.Count == 0)
            PossibleNodes.Add(0);
    }

    private void FillRam(E820Table? e820)
    {
        Ram.Clear();
        if (e820 is null)
        {
            foreach (ref readonly var region in _memblock.Memory.Regions)
                Ram.AddEarly(new AddressRange(region.Base, region.End));

            return;
        }

        foreach (var entry in e820.Entries)
        {
            if (entry.Type is E820Type.Ram or E820Type.ReservedKern)
                Ram.AddEarly(AddressRange.OfSize(entry.Address, entry.Size));
        }
    }
}
