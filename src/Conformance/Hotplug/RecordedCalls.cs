// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>"calls" of a record: counts by leaf or instruction, those that were never made left out.</summary>
internal static class RecordedCalls
{
    /// <summary>Holds them against a prediction.</summary>
    public static void Compare(JsonElement calls, CallCounts predicted, RecordedAnswer answer)
    {
        var recorded = calls.EnumerateObject().ToDictionary(static c => c.Name, static c => RecordedValue.Number(c.Value));
        foreach (var name in recorded.Keys.Union(predicted.Names).Order(StringComparer.Ordinal))
        {
            var seen = recorded.GetValueOrDefault(name);
            if (seen != predicted[name])
            {
                var what = ulong.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "SEAMCALL " + name : name;
                answer.Add(what, $"{seen} calls", $"{predicted[name]} calls");
            }
        }
    }
}
