// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>memory_block_online() and memory_block_offline(), down to the zones.</summary>
internal sealed class BlockOnlining
{
    private readonly MemoryBlocks _blocks;
    private readonly SystemRam _ram;
    private readonly OnlinePages _pages;
    private readonly IHotplugEnvironment _environment;
    private readonly ZonePolicy _policy;
    private readonly ZoneTable _zones;

    public BlockOnlining(
        MemoryBlocks blocks, ZoneTable zones, SystemRam ram, OnlinePages pages, IHotplugEnvironment environment)
    {
        _blocks = blocks;
        _ram = ram;
        _pages = pages;
        _environment = environment;
        _zones = zones;
        _policy = new ZonePolicy(zones);
    }

    public HotplugParameters Parameters
    {
        set => _policy.Parameters = value;
    }

    public KernelPolicy Policy { get; set; } = KernelPolicy.Merged;

    /// <summary>True when its first page is online in ZONE_MOVABLE.</summary>
    public bool IsMovable(MemoryBlock block) => _pages.ZoneOf(_blocks.StartOf(block)) is { Kind: ZoneKind.Movable };

    /// <summary>Puts an offline block online.</summary>
    /// <returns>0, or the notifier's refusal.</returns>
    public int Online(MemoryBlock block, OnlineType type)
    {
        if (block.HasPoison)
            return -Errno.Ehwpoison;

        // The zone is found before the lock is taken.
        var first = _blocks.StartOf(block);
        var zone = _policy.Find(type, block.Nid, block.Group, first, _blocks.BlockPages);
        _environment.Begin();
        var error = OnlineIn(zone, block);
        _environment.Done();
        return error;
    }

    private int OnlineIn(Zone zone, MemoryBlock block)
    {
        var first = _blocks.StartOf(block);
        var vmemmap = block.VmemmapPages;
        var start = first + vmemmap;
        var pages = _blocks.BlockPages - vmemmap;
        var error = Policy.HasSixActions ? 0 : _environment.Notify(MemoryAction.PrepareOnline, start, pages);
        if (error != 0)
            return error;

        if (vmemmap > 0)
            zone.Extend(first, vmemmap);

        zone.Extend(start, pages);
        var isFirst = Policy.NotifiesNodes && !_zones.HasMemory(zone.Nid);
        error = isFirst ? _environment.NotifyNode(NodeAction.AddingFirstMemory, zone.Nid) : 0;
        error = error == 0 ? _environment.Notify(MemoryAction.GoingOnline, start, pages) : error;
        if (error != 0)
        {
            _environment.Notify(MemoryAction.CancelOnline, start, pages);
            TellNode(isFirst, NodeAction.CancelAddingFirstMemory, zone);
            Leave(zone, first, vmemmap);
            Finish(start, pages);
            return error;
        }

        block.IsOnline = block.HasOnlineSections = block.IsRezoned = true;
        block.Zone = zone;
        Account(block, zone, isOnline: true);
        TellNode(isFirst, NodeAction.AddedFirstMemory, zone);
        _environment.Notify(MemoryAction.Online, start, pages);
        return 0;
    }

    /// <summary>Takes an online block offline.</summary>
    /// <returns>0; -EINVAL for a block of several zones or with a hole; -EBUSY or -EINTR as the environment decides; a
    /// notifier's refusal.</returns>
    public int Offline(MemoryBlock block)
    {
        if (block.Zone is not { } zone)
            return -Errno.Einval;

        _environment.Begin();
        var error = OfflineFrom(zone, block);
        _environment.Done();
        return error;
    }

    private int OfflineFrom(Zone zone, MemoryBlock block)
    {
        var first = _blocks.StartOf(block);
        var start = first + block.VmemmapPages;
        var pages = _blocks.BlockPages - block.VmemmapPages;
        if (_ram.CountPages(start, pages) != pages
            || _pages.RawZoneOf(block, start) != zone || _pages.RawZoneOf(block, start + pages - 1) != zone)
        {
            return -Errno.Einval;
        }

        var isolation = _environment.Isolate(block);
        if (isolation == Isolation.Unmovable)
            return -Errno.Ebusy;

        var isLast = Policy.NotifiesNodes && _zones.PresentOf(zone.Nid) <= _blocks.BlockPages;
        var error = isLast ? _environment.NotifyNode(NodeAction.RemovingLastMemory, zone.Nid) : 0;
        error = error == 0 ? _environment.Notify(MemoryAction.GoingOffline, start, pages) : error;
        if (error == 0 && isolation != Isolation.Done)
            error = isolation == Isolation.Interrupted ? -Errno.Eintr : -Errno.Ebusy;

        if (error != 0)
        {
            _environment.Notify(MemoryAction.CancelOffline, start, pages);
            TellNode(isLast, NodeAction.CancelRemovingLastMemory, zone);
            return error;
        }

        block.HasOnlineSections = false;
        Account(block, zone, isOnline: false);
        TellNode(isLast, NodeAction.RemovedLastMemory, zone);
        _environment.Notify(MemoryAction.Offline, start, pages);
        Leave(zone, first, block.VmemmapPages);
        block.IsOnline = false;
        block.Zone = null;
        Finish(start, pages);
        return 0;
    }

    private void TellNode(bool isConcerned, NodeAction action, Zone zone)
    {
        if (isConcerned)
            _environment.NotifyNode(action, zone.Nid);
    }

    private void Finish(ulong start, ulong pages)
    {
        if (!Policy.HasSixActions)
            _environment.Notify(MemoryAction.FinishOffline, start, pages);
    }

    public IEnumerable<string> ValidZones(MemoryBlock block)
    {
        if (block.IsOnline)
            return [block.Zone?.Name ?? "none"];

        var start = _blocks.StartOf(block);
        var zones =
            new List<string> { _policy.Find(
                OnlineType.Online, block.Nid, block.Group, start, _blocks.BlockPages).Name };
        foreach (var type in (OnlineType[])[OnlineType.OnlineKernel, OnlineType.OnlineMovable])
        {
            var name = _policy.Find(type, block.Nid, block.Group, start, _blocks.BlockPages).Name;
            if (name != zones[0])
                zones.Add(name);
        }

        return zones;
    }

    /// <summary>remove_pfn_range_from_zone() of the pages, then of those in front that hold struct pages.</summary>
    private void Leave(Zone zone, ulong first, ulong vmemmap)
    {
        _pages.Shrink(zone, first + vmemmap, _blocks.BlockPages - vmemmap);
        if (vmemmap > 0)
            _pages.Shrink(zone, first, vmemmap);
    }

    /// <summary>adjust_present_page_count(): only whole blocks come and go, so that all is early or nothing
    /// is.</summary>
    private void Account(MemoryBlock block, Zone zone, bool isOnline)
    {
        var change = isOnline ? _blocks.BlockPages : 0 - _blocks.BlockPages;
        unchecked
        {
            zone.Present += change;
            zone.PresentEarly += block.IsEarly ? change : 0;
            if (block.Group is not { } group)
                return;

            if (zone.Kind == ZoneKind.Movable)
                group.PresentMovable += change;
            else
                group.PresentKernel += change;
        }
    }
}
