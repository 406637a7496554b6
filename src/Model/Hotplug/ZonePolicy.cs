// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>zone_for_pfn_range(): the zone that memory goes to when it comes online.</summary>
internal sealed class ZonePolicy(ZoneTable zones)
{
    public HotplugParameters Parameters { get; set; } = HotplugParameters.None;

    /// <summary>The zone for page frames [start, start+pages) of a node.</summary>
    public Zone Find(OnlineType type, int nid, MemoryGroup? group, ulong start, ulong pages) => type switch
    {
        OnlineType.OnlineKernel => KernelZone(nid, start, pages),
        OnlineType.OnlineMovable => zones[nid, ZoneKind.Movable],
        _ when Parameters.AutoMovable => AutoMovableZone(nid, group, start, pages),
        _ => DefaultZone(nid, start, pages),
    };

    /// <summary>default_kernel_zone_for_pfn().</summary>
    private Zone KernelZone(int nid, ulong start, ulong pages)
    {
        for (var kind = ZoneKind.Dma; kind < ZoneKind.Normal; kind++)
        {
            if (zones[nid, kind].Intersects(start, pages))
                return zones[nid, kind];
        }

        return zones[nid, ZoneKind.Normal];
    }

    /// <summary>default_zone_for_pfn(): the zone that is there already; of two or none, the kernel's unless
    /// movable_node.</summary>
    private Zone DefaultZone(int nid, ulong start, ulong pages)
    {
        var kernel = KernelZone(nid, start, pages);
        var movable = zones[nid, ZoneKind.Movable];
        var isInKernel = kernel.Intersects(start, pages);
        return isInKernel != movable.Intersects(start, pages)
            ? isInKernel ? kernel : movable
            : Parameters.MovableNode ? movable : kernel;
    }

    /// <summary>auto_movable_zone_for_pfn() for static memory devices and for none.</summary>
    private Zone AutoMovableZone(int nid, MemoryGroup? group, ulong start, ulong pages)
    {
        if (Parameters.AutoMovableRatio == 0)
            return KernelZone(nid, start, pages);

        ulong online = 0;
        var most = pages;
        if (group is not null)
        {
            if (group.PresentKernel != 0)
                return KernelZone(nid, start, pages);

            most = group.MaxPages;
            online = group.PresentMovable;
        }

        // What the fallback looks at are the pages of the whole device, not of the block.
        var rest = unchecked(most - online);
        var canMove = CanMove(-1, rest) && (!Parameters.AutoMovableNumaAware || CanMove(nid, rest));
        return canMove ? zones[nid, ZoneKind.Movable] : KernelZone(nid, start, rest);
    }

    /// <summary>auto_movable_can_online_movable(): on all nodes for -1.</summary>
    private bool CanMove(int nid, ulong pages)
    {
        ulong early = 0;
        ulong movable = 0;
        foreach (var zone in zones.All)
        {
            if (!zone.IsPopulated || (nid >= 0 && zone.Nid != nid))
                continue;

            if (zone.Kind == ZoneKind.Movable)
                movable += zone.Present;
            else
                early += zone.PresentEarly;
        }

        return early != 0 && unchecked(movable + pages) <= Parameters.AutoMovableRatio * early / 100;
    }
}
