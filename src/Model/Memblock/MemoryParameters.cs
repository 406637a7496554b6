// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Model.Platform;

namespace TdxVerify.Model.Memblock;

/// <summary>mem= and memmap= of the command line, as parse_memopt() and parse_memmap_one() apply them to e820.</summary>
public static class MemoryParameters
{
    /// <summary>Applies words like "mem=4G" and "memmap=4K$0x64158000,1G@0x100000000"; a word that the kernel would not take does nothing.</summary>
    public static void Apply(string words, E820Table table)
    {
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word.StartsWith("mem=", StringComparison.Ordinal))
            {
                LimitMemory(word.AsSpan(4), table);
            }
            else if (word.StartsWith("memmap=", StringComparison.Ordinal))
            {
                foreach (var part in word[7..].Split(','))
                {
                    ApplyOne(part, table);
                }
            }
        }
    }

    /// <summary>The memmap= value that gives bytes [start, start+size) up: reserved.</summary>
    public static string Reserve(ulong start, ulong size) =>
        string.Create(CultureInfo.InvariantCulture, $"memmap={size >> 10}K$0x{start:x}");

    private static void LimitMemory(ReadOnlySpan<char> text, E820Table table)
    {
        if (TrySize(ref text, out var size) && size != 0)
        {
            table.Remove(size, ulong.MaxValue - size, E820Type.Ram);
        }
    }

    private static void ApplyOne(string text, E820Table table)
    {
        if (text.StartsWith("exactmap", StringComparison.Ordinal))
        {
            table.Clear();
            return;
        }

        var rest = text.AsSpan();
        if (!TrySize(ref rest, out var size))
        {
            return;
        }

        var kind = rest.Length > 0 ? rest[0] : '\0';
        if ("@#$!%".Contains(kind, StringComparison.Ordinal))
        {
            rest = rest[1..];
            if (TrySize(ref rest, out var start))
            {
                ApplyRange(kind, start, size, rest, table);
            }
        }
        else
        {
            table.Remove(size, ulong.MaxValue - size, E820Type.Ram);
        }
    }

    private static void ApplyRange(char kind, ulong start, ulong size, ReadOnlySpan<char> rest, E820Table table)
    {
        if (kind != '%')
        {
            var type = kind switch { '@' => E820Type.Ram, '#' => E820Type.Acpi, '$' => E820Type.Reserved, _ => E820Type.Pram };
            table.Add(new E820Entry(start, size, type));
            return;
        }

        var from = TypeAfter('-', ref rest);
        var to = TypeAfter('+', ref rest);
        if (rest.Length > 0)
        {
            return;
        }

        if (to == E820Type.None)
        {
            table.Remove(start, size, from);
        }
        else if (from == E820Type.None)
        {
            table.Add(new E820Entry(start, size, to));
        }
        else
        {
            table.Update(start, size, from, to);
        }
    }

    private static E820Type TypeAfter(char sign, ref ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || text[0] != sign)
        {
            return E820Type.None;
        }

        text = text[1..];
        return TrySize(ref text, out var number) ? (E820Type)(uint)number : E820Type.None;
    }

    /// <summary>memparse(): decimal, 0x or leading-0 octal digits and one of K M G T P E.</summary>
    private static bool TrySize(ref ReadOnlySpan<char> text, out ulong size)
    {
        var isHex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        var radix = isHex ? 16UL : text.StartsWith("0", StringComparison.Ordinal) ? 8UL : 10UL;
        text = isHex ? text[2..] : text;
        var digits = 0;
        size = 0;
        while (text.Length > 0 && char.IsAsciiHexDigit(text[0]) && (ulong)Convert.ToInt32(text[0].ToString(), 16) is var digit && digit < radix)
        {
            size = unchecked((size * radix) + digit);
            text = text[1..];
            digits++;
        }

        var unit = text.Length > 0 ? "KMGTPE".IndexOf(char.ToUpperInvariant(text[0]), StringComparison.Ordinal) : -1;
        if (unit >= 0)
        {
            size = unchecked(size << (10 * (unit + 1)));
            text = text[1..];
        }

        return digits > 0;
    }
}
