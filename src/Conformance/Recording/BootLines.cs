// SPDX-License-Identifier: MIT

using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace TdxVerify.Conformance.Recording;

/// <summary>What a kernel prints of its memory while it boots, by the key of a record that it goes into.</summary>
internal static partial class BootLines
{
    private static readonly (string Key, string Start)[] Single =
    [
        ("e820", "BIOS-e820: "), ("e820_user", "user: ["), ("srat", "ACPI: SRAT: Node "), ("srat", "NUMA: Node "),
        ("srat", "Faking a node "), ("srat", "Faking node "), ("initmem", "Initmem setup node "),
        ("unavailable", "On node "), ("virt_tdx_boot", "virt/tdx: "),
    ];

    private static readonly (string Key, string Title)[] Lists =
    [
        ("zone_ranges", "Zone ranges:"), ("movable_zone_starts", "Movable zone start for each node"),
        ("early_ranges", "Early memory node ranges"),
    ];

    /// <summary>Adds a list a key, and the version line.</summary>
    public static void Add(string console, JsonObject record)
    {
        foreach (var key in Single.Select(static s => s.Key).Concat(Lists.Select(static l => l.Key)).Distinct())
            record[key] = new JsonArray();

        string? list = null;
        foreach (var raw in console.Split('\n'))
        {
            var line = TimeStamp().Replace(raw.TrimEnd('\r'), "");
            if (line.StartsWith("Linux version ", StringComparison.Ordinal))
                record["version"] ??= line;

            var title = Array.Find(Lists, l => line.StartsWith(l.Title, StringComparison.Ordinal));
            if (title.Key is not null)
                list = title.Key;
            else if (list is not null && line.StartsWith("  ", StringComparison.Ordinal))
                Append(record, list, line.Trim());
            else
                AddSingle(record, line, ref list);
        }
    }

    private static void AddSingle(JsonObject record, string line, ref string? list)
    {
        list = null;
        var single = Array.Find(Single, s => line.StartsWith(s.Start, StringComparison.Ordinal));
        if (single.Key is not null)
            Append(record, single.Key, line);
    }

    /// <summary>With earlyprintk a line comes twice: once early, and again when the console takes over.</summary>
    private static void Append(JsonObject record, string key, string line)
    {
        var lines = record[key]!.AsArray();
        if (key is "unavailable" || !lines.Any(l => l!.GetValue<string>() == line))
            lines.Add(line);
    }

    [GeneratedRegex(@"^\[ *[0-9]+\.[0-9]+\] ")]
    private static partial Regex TimeStamp();
}
