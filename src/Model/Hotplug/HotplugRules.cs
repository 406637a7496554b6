// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>Hotplug around TDX, one member a decision.</summary>
public sealed record HotplugRules
{
    /// <summary>The merged code.</summary>
    public static HotplugRules Merged { get; } = new();

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
