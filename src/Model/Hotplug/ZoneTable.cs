// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>The zones of all nodes.</summary>
public sealed class ZoneTable
{
    private readonly List<Zone> _zones = [];

    /// <summary>Nodes that were ever asked for: 0 to this, exclusive.</summary>
    public int Nodes => _zones.Count / Zone.Kinds;

    /// <summary>All zones, by node and kind.</summary>
    public IReadOnlyList<Zone> All => _zones;

    /// <summary>A zone of a node, which appears when it is asked for.</summary>
    public Zone this[int nid, ZoneKind kind]
    {
        get
        {
            while (Nodes <= nid)
            {
                for (var next = 0; next < Zone.Kinds; next++)
                    _zones.Add(new Zone(_zones.Count / Zone.Kinds, (ZoneKind)next));
            }

            return _zones[(nid * Zone.Kinds) + (int)kind];
        }
    }

    public ulong PresentOf(int nid)
    {
        ulong present = 0;
        for (var kind = ZoneKind.Dma; kind <= ZoneKind.Movable; kind++)
            present += this[nid, kind].Present;

        return present;
    }

    public bool HasMemory(int nid) => PresentOf(nid) != 0;

    public void Clear()
    {
        foreach (var zone in _zones)
            zone.Clear();
    }
}
