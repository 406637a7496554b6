// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Search.Reports;

/// <summary>In what two states differ, a line each.</summary>
internal static class StateChanges
{
    private const int MaxItems = 6;

    public static IReadOnlyList<string> Of(Snapshot before, Snapshot after)
    {
        var lines = new List<string>();
        Add(lines, "memblock.memory", Words(before.Memory, Region), Words(after.Memory, Region));
        Add(lines, "tdx_memlist", Words(before.Memlist, Entry), Words(after.Memlist, Entry));
        Add(lines, "TDMRs", Words(before.Tdmrs.Tdmrs, Tdmr), Words(after.Tdmrs.Tdmrs, Tdmr));
        Add(lines, "zones", Words(before.Zones, Zone), Words(after.Zones, Zone));
        AddBlocks(lines, before, after);
        return lines;
    }

    private static string Region(MemblockRegion region) => Text(
        $"{region.Range} node {region.Nid}{(region.Flags == 0 ? "" : $" {region.Flags}")}");

    private static string Entry(PfnRange entry) => Text($"{entry.Bytes} node {entry.Nid}");
    private static string Tdmr(TdmrView tdmr) => Text($"{tdmr.Range}");

    private static string Zone(ZoneView zone)
    {
        var end = zone.Start + zone.Spanned;
        return Text($"node {zone.Nid} {zone.Kind} pfn [0x{zone.Start:x}, 0x{end:x}), {zone.Present} present");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static List<TWord> Words<T, TWord>(ReadOnlySpan<T> items, Func<T, TWord> word)
    {
        var words = new List<TWord>();
        foreach (var item in items)
            words.Add(word(item));

        return words;
    }

    /// <summary>A list that changed, as it is now.</summary>
    private static void Add(List<string> lines, string what, List<string> before, List<string> after)
    {
        if (before.SequenceEqual(after))
            return;

        var more = after.Count > MaxItems ? Text($" and {after.Count - MaxItems} more") : "";
        lines.Add($"{what}: {(after.Count == 0 ? "empty" : string.Join("; ", after.Take(MaxItems)) + more)}");
    }

    /// <summary>Blocks that are there now, gone, or in another state: neighbours that changed alike are one.</summary>
    private static void AddBlocks(List<string> lines, Snapshot before, Snapshot after)
    {
        var were = Words(before.Blocks, static b => b).ToDictionary(static b => b.Start);
        var changes = new List<(AddressRange Range, string What)>();
        foreach (var block in after.Blocks)
        {
            var was = were.Remove(block.Start, out var old) ? State(old) : "none";
            if (was != State(block))
                changes.Add((Bytes(block), $"{was} -> {State(block)}"));
        }

        changes.AddRange(were.Values.Select(static b => (Bytes(b), $"{State(b)} -> none")));
        changes.Sort(static (one, other) => one.Range.Start.CompareTo(other.Range.Start));
        for (var first = 0; first < changes.Count;)
        {
            var next = first + 1;
            while (next < changes.Count && changes[next].What == changes[first].What
                && changes[next].Range.Start == changes[next - 1].Range.End)
            {
                next++;
            }

            var range = new AddressRange(changes[first].Range.Start, changes[next - 1].Range.End);
            var blocks = next - first == 1 ? "block" : Text($"{next - first} blocks");
            lines.Add($"{blocks} {range}: {changes[first].What}");
            first = next;
        }
    }

    private static AddressRange Bytes(BlockView block) =>
        new(Pages.Address(block.Start), Pages.Address(block.End));

    private static string State(BlockView block) =>
        block.IsOnline ? Text($"online node {block.Nid} {block.Zone?.ToString() ?? "several zones"}") : "offline";
}
