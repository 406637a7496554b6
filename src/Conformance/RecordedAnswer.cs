// SPDX-License-Identifier: MIT

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TdxVerify.Conformance;

/// <summary>The recorded and the predicted answer of one case, both as lists of words, so that a difference can be
/// named.</summary>
internal sealed class RecordedAnswer
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private readonly List<CaseDifference> _differences = [];

    public IReadOnlyList<CaseDifference> Differences => _differences;

    /// <summary>Notes a difference that was seen elsewhere.</summary>
    public void Add(string field, string recorded, string predicted) =>
        _differences.Add(new CaseDifference(field, recorded, predicted));

    /// <summary>Holds a recorded value of any shape against a predicted one; numbers are compared as
    /// numbers.</summary>
    public void Compare(string field, JsonElement? recorded, string predicted)
    {
        var expected = recorded is { } value ? Canonical(value) : "absent";
        if (expected != predicted)
            _differences.Add(new CaseDifference(field, expected, predicted));
    }

    /// <summary>Holds a field of an object against a prediction; what an absent field means is given.</summary>
    public void Compare(JsonElement recorded, string field, string predicted, string? absent = null)
    {
        if (!recorded.TryGetProperty(field, out var value))
        {
            if (predicted != (absent ?? "absent"))
                _differences.Add(new CaseDifference(field, absent ?? "absent", predicted));

            return;
        }

        Compare(field, value, predicted);
    }

    /// <summary>A field that nobody knows is a difference: nothing recorded is passed over.</summary>
    public void RejectUnknown(JsonElement recorded, IReadOnlyCollection<string> known)
    {
        foreach (var field in recorded.EnumerateObject().Where(f => !known.Contains(f.Name)))
            _differences.Add(new CaseDifference(field.Name, Canonical(field.Value), "no such field"));
    }

    public static string Number(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");
    public static string List(IEnumerable<string> items) => "[" + string.Join(",", items) + "]";

    public static string Numbers(params ReadOnlySpan<ulong> numbers)
    {
        var text = new StringBuilder("[");
        foreach (var number in numbers)
            text.Append(text.Length > 1 ? "," : "").Append(Number(number));

        return text.Append(']').ToString();
    }

    private static string Canonical(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => List(value.EnumerateArray().Select(Canonical)),
        JsonValueKind.Null => "null",
        JsonValueKind.Object =>
            "{" + string.Join(",", value.EnumerateObject().Select(static p => p.Name + ":" + Canonical(p.Value)))
                + "}",
        JsonValueKind.Number when value.TryGetInt64(out var signed) => Number(unchecked((ulong)signed)),
        JsonValueKind.Number or JsonValueKind.String when IsNumber(value) => Number(RecordedValue.Number(value)),
        _ => value.GetRawText(),
    };

    private static bool IsNumber(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
            ? value.TryGetUInt64(out _)
            : value.GetString() is ['0', 'x', _, ..] text && text.Length <= 18
                && !text.AsSpan(2).ContainsAnyExcept(HexDigits);
}
