// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>Hotplug around TDX, one member a decision.</summary>
public sealed record HotplugRules
{
    public static HotplugRules Merged { get; } = new();

    /// <summary>Mainline 7.1 and 7.2.</summary>
    public static HotplugRules V7_1 { get; } =
        Merged with { LinksBlocksByRegion = true, NotifiesNodes = true, HasSixActions = true };

    public static HotplugRules V7_3 { get; } = V7_1 with { EndsZonesAtMovable = true, IgnoresFailedRemoval = true };

    /// <summary>With kernelcore=mirror the zones of a node end where its ZONE_MOVABLE begins, as with every other
    /// option (from 7.3 on); before, both span the rest.</summary>
    public bool EndsZonesAtMovable { get; init; }

    /// <summary>A block of boot is linked to a node by the regions of memblock in it (in 7.1, not in 6.12); before, by
    /// what its struct pages say, holes included.</summary>
    public bool LinksBlocksByRegion { get; init; }

    /// <summary>A chain of its own is told when a node gets its first memory or loses its last (in 7.1, not in
    /// 6.12).</summary>
    public bool NotifiesNodes { get; init; }

    /// <summary>MEM_PREPARE_ONLINE and MEM_FINISH_OFFLINE are gone (in 7.1, not in 6.12).</summary>
    public bool HasSixActions { get; init; }

    /// <summary>offline_and_remove_memory() succeeds once all blocks are offline, whatever becomes of their removal
    /// (from 7.3 on); before, they come online again.</summary>
    public bool IgnoresFailedRemoval { get; init; }

    /// <summary>A block that was refused stays in the span of its zone.</summary>
    public bool KeepsSpanOnRefusal { get; init; }

    /// <summary>One notification covers a block and the one behind it.</summary>
    public bool NotifiesTwoBlocks { get; init; }

    /// <summary>The notifier is called without mem_hotplug_lock.</summary>
    public bool NotifiesUnlocked { get; init; }

    /// <summary>Blocks that went offline stay so when the others of their DIMM can't.</summary>
    public bool ForgetsRollback { get; init; }

    /// <summary>A block that holds a PAMT can go offline.</summary>
    public bool MovesPamts { get; init; }

    /// <summary>While TDX is on, memory that is not in its list can't even be added: -EPERM.</summary>
    public bool ChecksAdditions { get; init; }

    /// <summary>A refused block counts as online.</summary>
    public bool IgnoresRefusal { get; init; }
}
