// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>Numbers of the kernel command line. Both readers step over what they read; without a digit they read 0 and
/// step over nothing.</summary>
internal static class KernelNumber
{
    private const string Units = "KMGTPE";

    /// <summary>simple_strtoul() in base 0: decimal, 0x or leading-0 octal digits; wraps at 2^64.</summary>
    public static ulong Plain(ref ReadOnlySpan<char> text)
    {
        var isHex = text.Length > 2 && text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && char.IsAsciiHexDigit(text[2]);
        var radix = isHex ? 16UL : text.StartsWith("0", StringComparison.Ordinal) ? 8UL : 10UL;
        text = isHex ? text[2..] : text;
        ulong value = 0;
        while (text.Length > 0 && TryDigit(text[0], out var digit) && digit < radix)
        {
            value = unchecked((value * radix) + digit);
            text = text[1..];
        }

        return value;
    }

    /// <summary>memparse(): the same with one of K M G T P E behind it.</summary>
    public static ulong WithUnit(ref ReadOnlySpan<char> text)
    {
        var value = Plain(ref text);
        var unit = text.Length > 0 ? Units.IndexOf(char.ToUpperInvariant(text[0]), StringComparison.Ordinal) : -1;
        if (unit < 0)
            return value;

        text = text[1..];
        return unchecked(value << (10 * (unit + 1)));
    }

    private static bool TryDigit(char character, out ulong digit)
    {
        digit = char.IsAsciiDigit(character)
            ? (ulong)(character - '0')
            : (ulong)(char.ToLowerInvariant(character) - 'a' + 10);
        return char.IsAsciiHexDigit(character);
    }
}
