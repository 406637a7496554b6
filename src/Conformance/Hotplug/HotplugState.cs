// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>What a record shows of a machine's memory, one line a thing: blocks, zone spans, memblock,
/// /proc/iomem.</summary>
internal sealed class HotplugState
{
    private readonly SortedDictionary<string, string> _lines = new(StringComparer.Ordinal);

    public static HotplugState Of(MemoryHotplug hotplug, MemblockTable? memblock)
    {
        var state = new HotplugState();
        foreach (var block in hotplug.Blocks.All)
        {
            state._lines[Block(block.Id)] = string.Create(
                CultureInfo.InvariantCulture,
                $"{(block.IsOnline ? "online" : "offline")} nodes {string.Join(',', block.Nodes.Order())} zones "
                    + $"{string.Join(' ', hotplug.ValidZones(block))}");
        }

        foreach (var zone in hotplug.Zones.All.Where(static z => !z.IsEmpty))
        {
            state._lines[string.Create(CultureInfo.InvariantCulture, $"zone {zone.Nid}/{zone.Name}")] =
                Span(zone.Start, zone.Spanned, zone.Present);
        }

        state._lines["has_memory"] = Nodes(hotplug, ZoneKind.Movable);
        state._lines["has_normal_memory"] = Nodes(hotplug, ZoneKind.Normal);
        state._lines["auto_online_blocks"] = HotplugParameters.NameOf(hotplug.DefaultOnlineType);
        state._lines["iomem"] = string.Join(' ', hotplug.Ram.Resources);
        var regions = memblock is null ? [] : memblock.Memory.Regions.ToArray();
        state._lines["memblock"] =
            string.Join(' ', regions.Select(static r => Region(r.Base, r.End, r.Nid, FlagName(r.Flags))));
        return state;
    }

    /// <summary>Takes over a state or the changes of a step.</summary>
    public void Apply(JsonElement changed)
    {
        foreach (var block in Members(changed, "blocks"))
        {
            Set(Block(ulong.Parse(block.Name, CultureInfo.InvariantCulture)), block.Value, static b => string.Create(
                CultureInfo.InvariantCulture,
                $"{b.GetProperty("state").GetString()} nodes "
                    + $"{string.Join(',', b.GetProperty("nodes").EnumerateArray().Select(RecordedValue.Int))} "
                        + $"zones {string.Join(' ', Zones(b))}"));
        }

        foreach (var zone in Members(changed, "zones"))
        {
            Set("zone " + zone.Name, zone.Value, static z =>
                Span(RecordedValue.Number(z.GetProperty("start_pfn")), RecordedValue.Number(z.GetProperty("spanned")),
                    RecordedValue.Number(z.GetProperty("present"))));
        }

        foreach (
            var node in Members(changed, "nodes")
                .Where(static n => n.Name is "has_memory" or "has_normal_memory" or "auto_online_blocks"))
        {
            Set(node.Name, node.Value, static n => n.GetString() ?? "");
        }

        if (changed.TryGetProperty("iomem_ram", out var ram))
        {
            _lines["iomem"] =
                string.Join(
                    ' ', ram.EnumerateArray()
                        .Select(static r => new AddressRange(RecordedValue.Number(r[0]), RecordedValue.Number(r[1]))));
        }

        if (changed.TryGetProperty("memblock", out var memblock))
        {
            _lines["memblock"] = string.Join(' ', memblock.EnumerateArray().Select(static r =>
                Region(RecordedValue.Number(r[0]), RecordedValue.Number(r[1]), RecordedValue.Node(r[2]), r[3]
                    .GetString() ?? "")));
        }
    }

    /// <summary>Nodes that have memory in a zone up to some kind, as the kernel lists them: "0-1,3".</summary>
    private static string Nodes(MemoryHotplug hotplug, ZoneKind most) =>
        NumberRanges.Text(
            hotplug.Zones.All.Where(z => z.IsPopulated && z.Kind <= most).Select(static z => z.Nid).Distinct());

    public IEnumerable<CaseDifference> Differences(HotplugState predicted, string where) =>
        from name in _lines.Keys.Union(predicted._lines.Keys).Order(StringComparer.Ordinal)
        let recorded = _lines.GetValueOrDefault(name, "absent")
        let other = predicted._lines.GetValueOrDefault(name, "absent")
        where recorded != other
        select new CaseDifference($"{where}: {name}", recorded, other);

    private static IEnumerable<JsonProperty> Members(JsonElement changed, string key) =>
        changed.TryGetProperty(key, out var found) ? found.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    private static string Block(ulong id) => string.Create(CultureInfo.InvariantCulture, $"memory{id}");

    private static string Span(ulong start, ulong pages, ulong present) =>
        string.Create(CultureInfo.InvariantCulture, $"pfn 0x{start:x} spans 0x{pages:x}, 0x{present:x} present");

    private static string Region(ulong start, ulong end, int nid, string flags) =>
        string.Create(CultureInfo.InvariantCulture, $"[0x{start:x}, 0x{end:x}) nid {nid} {flags}");

    public static string FlagName(MemblockFlags flags) =>
        flags == MemblockFlags.DriverManaged ? "DRV_MNG" : flags.ToString().ToUpperInvariant();

    private void Set(string name, JsonElement value, Func<JsonElement, string> text)
    {
        if (value.ValueKind == JsonValueKind.Null)
            _lines.Remove(name);
        else
            _lines[name] = text(value);
    }

    private static IEnumerable<string?> Zones(JsonElement block) =>
        RecordedValue.Items(block, "valid_zones").Select(static z => z.GetString());
}
