// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Cli;

/// <summary>Reads "0xSTART+SIZE[@node]" of --add; SIZE is decimal or 0x with K, M, G or T.</summary>
internal static class AddedMemory
{
    private const string Units = "KMGT";

    /// <summary>Reads one value; page aligned, not empty, not wrapping.</summary>
    public static bool TryParse(string text, out Step step)
    {
        step = default;
        var nodeAt = text.IndexOf('@', StringComparison.Ordinal);
        var nid = 0;
        if (nodeAt >= 0
            && (!int.TryParse(text.AsSpan(nodeAt + 1), NumberStyles.None, CultureInfo.InvariantCulture, out nid)
            || !PfnRange.IsValidNode(nid)))
        {
            return false;
        }

        var range = nodeAt >= 0 ? text[..nodeAt] : text;
        var plus = range.IndexOf('+', StringComparison.Ordinal);
        if (plus < 0 || !TryNumber(range[..plus], out var start) || !TryNumber(range[(plus + 1)..], out var size))
            return false;

        step = Step.OnMemory(StepKind.AddMemory, start, size, nid);
        return size > 0 && Pages.IsAligned(start, Sizes.Page4K) && Pages.IsAligned(size, Sizes.Page4K)
            && size <= ulong.MaxValue - start;
    }

    private static bool TryNumber(string text, out ulong value)
    {
        var unit = text.Length > 0 ? Units.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) : -1;
        var digits = unit >= 0 ? text[..^1] : text;
        var isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var isNumber = isHex
            ? ulong.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        var shift = 10 * (unit + 1);
        var fits = isNumber && value <= ulong.MaxValue >> shift;
        value = fits ? value << shift : 0;
        return fits;
    }
}
