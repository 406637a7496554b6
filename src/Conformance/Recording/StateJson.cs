// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json.Nodes;
using TdxVerify.Conformance.Hotplug;
using TdxVerify.Subjects.Guest.State;

namespace TdxVerify.Conformance.Recording;

/// <summary>The state of a running kernel as a record has it, and what a step changed of it.</summary>
internal static class StateJson
{
    private static readonly string[] Whole = ["memblock", "iomem_ram"];

    public static JsonObject Of(GuestState state)
    {
        var blocks = new JsonObject();
        foreach (var (id, block) in state.Blocks)
        {
            blocks[id.ToString(CultureInfo.InvariantCulture)] = new JsonObject
            {
                ["state"] = block.State,
                ["nodes"] = new JsonArray([.. block.Nodes.Select(static n => JsonValue.Create(n))]),
                ["valid_zones"] = new JsonArray([.. block.Zones.Select(static z => JsonValue.Create(z))]),
            };
        }

        var zones = new JsonObject();
        foreach (var (name, zone) in state.Zones)
        {
            zones[name] = new JsonObject
            {
                ["start_pfn"] = Hex(zone.Start),
                ["spanned"] = Hex(zone.Spanned),
                ["present"] = Hex(zone.Present),
                ["managed"] = Hex(zone.Managed),
            };
        }

        return new JsonObject
        {
            ["blocks"] = blocks,
            ["zones"] = zones,
            ["memblock"] = Memblock(state.Memblock),
            ["iomem_ram"] = new JsonArray([.. state.Ram.Select(static r => Pair(r.Start, r.End))]),
            ["nodes"] = new JsonObject(
                state.Nodes.Select(static n => KeyValuePair.Create(n.Key, (JsonNode?)JsonValue.Create(n.Value)))),
        };
    }

    /// <summary>What of a state is not as before: blocks, zones and nodes by key (null: gone), the rest as a
    /// whole.</summary>
    public static JsonObject Changes(JsonObject before, JsonObject after)
    {
        var changed = new JsonObject();
        foreach (var (key, value) in after)
        {
            if (JsonNode.DeepEquals(before[key], value))
                continue;

            changed[key] = Whole.Contains(key) ? value!.DeepClone()
                : Members(before[key]!.AsObject(), value!.AsObject());
        }

        return changed;
    }

    /// <summary>Regions as debugfs prints them: flags by name.</summary>
    public static JsonArray Memblock(IReadOnlyList<MemblockRegion> regions) => new(
        [.. regions.Select(static r =>
            (JsonNode)new JsonArray(Hex(r.Base), Hex(r.End), r.Nid, HotplugState.FlagName(r.Flags)))]);

    public static string Hex(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    public static JsonArray Pair(ulong first, ulong second) => new(Hex(first), Hex(second));

    private static JsonObject Members(JsonObject before, JsonObject after)
    {
        var changed = new JsonObject();
        foreach (var name in before.Select(static b => b.Key).Union(after.Select(static a => a.Key)))
        {
            if (!JsonNode.DeepEquals(before[name], after[name]))
                changed[name] = after[name]?.DeepClone();
        }

        return changed;
    }
}
