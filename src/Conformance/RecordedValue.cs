// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Conformance;

/// <summary>Reads values of recorded cases: numbers stand as "0x.." or as plain numbers.</summary>
internal static class RecordedValue
{
    /// <summary>A 64-bit number.</summary>
    public static ulong Number(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number && value.TryGetUInt64(out var plain))
            return plain;

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null && text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(
                text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new MalformedCaseException("a number that is not negative, or \"0x..\"", value.GetRawText());
    }

    public static int Node(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            && number >= -1 ? number : Int(value);

    /// <summary>A number from 0 to 2^31-1.</summary>
    public static int Int(JsonElement value) => Number(value) is var number and <= int.MaxValue
        ? (int)number
        : throw new MalformedCaseException("a number below 2^31", value.GetRawText());

    /// <summary>A number of an object between two bounds, both included, or what it is when absent.</summary>
    public static int Between(JsonElement value, string key, int least, int most, int absent)
    {
        var number = Int(value, key, absent);
        return number >= least
            && number <= most
                ? number
                : throw new MalformedCaseException($"{key} from {least} to {most}", $"{number}");
    }

    public static int Between(JsonElement value, int least, int most)
    {
        var number = Int(value);
        return number >= least
            && number <= most
                ? number
                : throw new MalformedCaseException($"a number from {least} to {most}", $"{number}");
    }

    /// <summary>A number of an object, or what it is when absent.</summary>
    public static ulong Number(JsonElement value, string key, ulong absent) =>
        value.TryGetProperty(key, out var found) ? Number(found) : absent;

    /// <summary>The same for 32 bits.</summary>
    public static int Int(JsonElement value, string key, int absent) =>
        value.TryGetProperty(key, out var found) ? Int(found) : absent;

    /// <summary>The elements of an array, none when it is absent.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement value, string key) =>
        value.TryGetProperty(key, out var found) ? found.EnumerateArray() : Enumerable.Empty<JsonElement>();
}
