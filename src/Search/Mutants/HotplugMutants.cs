// SPDX-License-Identifier: MIT

using TdxVerify.Model.Hotplug;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of memory hotplug around TDX.</summary>
internal static class HotplugMutants
{
    public static IEnumerable<Mutant> All =>
    [
        With("refusal-keeps-span", "a memory block that was refused stays in the span of its zone",
            "online_pages(): failed_addition without remove_pfn_range_from_zone()",
            new HotplugRules { KeepsSpanOnRefusal = true }),
        With("refusal-ignored-online", "a memory block that was refused comes online", "notifier_to_errno() dropped",
            new HotplugRules { IgnoresRefusal = true }),
        With("notify-two-blocks", "one notification covers a block and the one behind it",
            "mail: what if one event covers two blocks", new HotplugRules { NotifiesTwoBlocks = true }),
        With("notify-unlocked", "the notifier is called without mem_hotplug_lock", "mem_hotplug_begin() too late",
            new HotplugRules { NotifiesUnlocked = true }),
        With("rollback-forgotten", "blocks that went offline stay so when their DIMM can't be unplugged",
            "acpi_bus_online() left out", new HotplugRules { ForgetsRollback = true }),
        With("addition-refused", "memory that is not in the list can't be added while TDX is on",
            "reject at add_memory()", new HotplugRules { ChecksAdditions = true }),
        With("pamt-moved", "a memory block that holds a PAMT goes offline", "PAMTs from ZONE_MOVABLE",
            new HotplugRules { MovesPamts = true }),
    ];

    private static Mutant With(string name, string sentence, string source, HotplugRules rules) =>
        new(name, sentence, source, HostRules.Merged with { Hotplug = rules }) { Strategy = Strategy.Sequences };
}
