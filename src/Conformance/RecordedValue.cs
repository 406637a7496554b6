// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;

namespace TdxVerify.Conformance;

/// <summary>Reads values of recorded cases: numbers stand as "0x.." or as plain numbers.</summary>
internal static class RecordedValue
{
    /// <summary>A 64-bit number; a negative plain number is sign-extended.</summary>
    public static ulong Number(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            return value.TryGetUInt64(out var plain) ? plain : unchecked((ulong)value.GetInt64());
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is not null && text.StartsWith("0x", StringComparison.Ordinal)
            && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new JsonException($"expected a number or \"0x..\", got {value.GetRawText()}");
    }

    /// <summary>A 32-bit number.</summary>
    public static int Int(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
        ? number
        : checked((int)Number(value));

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
