// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>struct memory_block: what /sys/devices/system/memory/memoryN shows.</summary>
public sealed class MemoryBlock
{
    private readonly List<int> _nodes = [];

    /// <summary>N: its address divided by the block size.</summary>
    public ulong Id { get; private set; }

    /// <summary>MEM_ONLINE; else MEM_OFFLINE.</summary>
    public bool IsOnline { get; set; }

    /// <summary>Its sections are online: also amid going offline until the pages are gone.</summary>
    public bool HasOnlineSections { get; set; }

    /// <summary>It was there at boot, and may have holes.</summary>
    public bool IsEarly { get; private set; }

    /// <summary>Its pages were given to a zone by hotplug, all to the same one.</summary>
    public bool IsRezoned { get; set; }

    /// <summary>mem->nid: the last node that was registered; -1: none.</summary>
    public int Nid { get; set; }

    /// <summary>mem->zone; null for a block of several zones or nodes, and while it is offline.</summary>
    public Zone? Zone { get; set; }

    public IReadOnlyList<int> Nodes => _nodes;

    /// <summary>Pages at its start that hold its own struct pages (memmap_on_memory); 0: none.</summary>
    public ulong VmemmapPages { get; private set; }

    /// <summary>The device that it belongs to, or null.</summary>
    public MemoryGroup? Group { get; private set; }

    /// <summary>mem->online_type: kept from a write that found the block online already, until the next
    /// attempt.</summary>
    public OnlineType OnlineType { get; set; }

    /// <summary>It has a page that was taken away for good (memblk_nr_poison()).</summary>
    public bool HasPoison { get; set; }

    /// <summary>Becomes a block that was there at boot.</summary>
    public void BecomeEarly(ulong id) => Become(id, isEarly: true, 0, null);

    /// <summary>Becomes a block that was just added.</summary>
    public void BecomeAdded(ulong id, int nid, ulong vmemmapPages, MemoryGroup? group)
    {
        Become(id, isEarly: false, vmemmapPages, group);
        Link(nid);
    }

    /// <summary>A node links to it; a second time is no other link.</summary>
    public void Link(int nid)
    {
        if (!_nodes.Contains(nid))
            _nodes.Add(nid);

        Nid = nid;
    }

    private void Become(ulong id, bool isEarly, ulong vmemmapPages, MemoryGroup? group)
    {
        Id = id;
        IsEarly = IsOnline = HasOnlineSections = isEarly;
        IsRezoned = !isEarly;
        HasPoison = false;
        Nid = -1;
        Zone = null;
        _nodes.Clear();
        VmemmapPages = vmemmapPages;
        Group = group;
        OnlineType = OnlineType.Offline;
    }
}
