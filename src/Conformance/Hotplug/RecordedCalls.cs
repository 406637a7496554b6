// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>"calls" of a record: counts by leaf or instruction, those that were never made left out; absent where
/// there is no module.</summary>
internal static class RecordedCalls
{
    public static void Compare(JsonElement recorded, CallCounts predicted, RecordedAnswer answer)
    {
        var counts = new Dictionary<string, ulong>();
        if (recorded.TryGetProperty("calls", out var calls))
        {
            counts = calls.EnumerateObject()
                .ToDictionary(static c => c.Name, static c => RecordedValue.Number(c.Value));
        }

        foreach (var name in counts.Keys.Union(predicted.Names).Order(StringComparer.Ordinal))
        {
            var seen = counts.GetValueOrDefault(name);
            if (seen != predicted[name])
            {
                var what = ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                    ? "SEAMCALL " + name
                    : name;
                answer.Add(what, $"{seen} calls", $"{predicted[name]} calls");
            }
        }
    }
}
