// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Confirmation;

/// <summary>Where two running kernels did something else in the same case.</summary>
/// <param name="Place">The step, or the boot.</param>
/// <param name="One">What the first did.</param>
/// <param name="Other">What the other did.</param>
public sealed record GuestDifference(ulong Case, string Place, string One, string Other)
{
    private static readonly string[] OfBoot = ["early_ranges", "zone_ranges", "movable_zone_starts", "block_size"];
    private static readonly string[] OfEnabling = ["result", "memlist_pfn"];
    private static readonly string[] OfState = ["blocks", "zones", "memblock", "iomem_ram"];

    /// <summary>The first difference of two boots of one scenario, or null. What only allocation decides (where PAMTs
    /// are, which pages are managed, whether a block is busy) is none.</summary>
    public static GuestDifference? First(GuestVerdict one, GuestVerdict other)
    {
        foreach (var (place, left, right) in Pairs(one.Record, other.Record))
        {
            if (left != right && !(IsOfAllocation(left) && IsOfAllocation(right)))
                return new GuestDifference(one.Case, place, left, right);
        }

        return one.Kind == other.Kind ? null : new GuestDifference(one.Case, "end", one.Kind, other.Kind);
    }

    private static bool IsOfAllocation(string result) =>
        result.EndsWith(": OK", StringComparison.Ordinal) || result.EndsWith(": EBUSY", StringComparison.Ordinal)
            || result.EndsWith(": DELETED", StringComparison.Ordinal)
            || result.EndsWith(": KEPT", StringComparison.Ordinal);

    private static IEnumerable<(string Place, string One, string Other)> Pairs(JsonElement one, JsonElement other)
    {
        foreach (var key in OfBoot)
            yield return ("boot: " + key, Text(one, key), Text(other, key));

        foreach (var key in OfEnabling)
            yield return ("enabling: " + key, Text(Enabling(one), key), Text(Enabling(other), key));

        foreach (var key in OfState)
            yield return ("boot: " + key, State(one, key), State(other, key));

        var (left, right) = (Results(one), Results(other));
        for (var i = 0; i < Math.Max(left.Length, right.Length); i++)
        {
            yield return (
                string.Create(CultureInfo.InvariantCulture, $"step {i + 1}"), i < left.Length ? left[i] : "absent",
                i < right.Length ? right[i] : "absent");
        }
    }

    private static JsonElement Enabling(JsonElement record) =>
        record.TryGetProperty("tdx_boot", out var boot) ? boot
        : Steps(record).FirstOrDefault(static s => s.GetProperty("op").GetString() == "enable");

    private static string[] Results(JsonElement record) =>
        [.. Steps(record).Where(static s => s.GetProperty("op").GetString() != "enable").Select(Result)];

    private static string Result(JsonElement step)
    {
        var at = step.TryGetProperty("block", out var block) ? " memory" + block.GetRawText()
            : step.TryGetProperty("addr", out var address) ? " " + address.GetString()
            : step.TryGetProperty("id", out var name) ? " " + name.GetString()
            : "";
        return $"{step.GetProperty("op").GetString()}{at}: {step.GetProperty("result").GetString()}";
    }

    private static JsonElement.ArrayEnumerator Steps(JsonElement record) =>
        record.GetProperty("steps").EnumerateArray();

    /// <summary>The state after boot, without the numbers of managed pages.</summary>
    private static string State(JsonElement record, string key)
    {
        if (!record.TryGetProperty("initial", out var initial))
            return "absent";

        var state = initial.GetProperty(key);
        return key != "zones"
            ? state.GetRawText()
            : string.Join(
                ' ', state.EnumerateObject()
                    .Select(static z => $"{z.Name} {Text(z.Value, "start_pfn")}+{Text(z.Value, "spanned")}"));
    }

    private static string Text(JsonElement record, string key) =>
        record.ValueKind == JsonValueKind.Object && record.TryGetProperty(key, out var value)
            ? value.GetRawText()
            : "absent";
}
