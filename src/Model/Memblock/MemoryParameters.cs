// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Model.Memblock;

/// <summary>mem= and memmap= of the command line, as parse_memopt() and parse_memmap_one() apply them to
/// e820.</summary>
public static class MemoryParameters
{
    /// <summary>Applies words like "mem=4G" and "memmap=4K$0x64158000,1G@0x100000000"; a word that the kernel would
    /// not take does nothing.</summary>
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
                    ApplyOne(part, table);
            }
        }
    }

    /// <summary>The memmap= value that gives bytes [start, start+size) up: reserved.</summary>
    public static string Reserve(ulong start, ulong size) =>
        string.Create(CultureInfo.InvariantCulture, $"memmap={size >> 10}K$0x{start:x}");

    private static void LimitMemory(ReadOnlySpan<char> text, E820Table table)
    {
        var size = KernelNumber.WithUnit(ref text);
        if (size != 0)
            table.Remove(size, ulong.MaxValue - size, E820Type.Ram);
    }

    private static void ApplyOne(string text, E820Table table)
    {
        if (text.StartsWith("exactmap", StringComparison.Ordinal))
        {
            table.Clear();
            return;
        }

        var rest = text.AsSpan();
        var size = KernelNumber.WithUnit(ref rest);
        if (rest.Length == text.Length)
            return;

        var kind = rest.Length > 0 ? rest[0] : '\0';
        if (!"@#$!%".Contains(kind, StringComparison.Ordinal))
        {
            table.Remove(size, ulong.MaxValue - size, E820Type.Ram);
            return;
        }

        // A missing start is 0, as memparse() has it.
        rest = rest[1..];
        var start = KernelNumber.WithUnit(ref rest);
        if (kind == '%')
        {
            Change(start, size, rest, table);
        }
        else
        {
            var type =
                kind switch
                {
                    '@' => E820Type.Ram,
                    '#' => E820Type.Acpi,
                    '$' => E820Type.Reserved,
                    _ =>
                    E820Type.Pram
                };
            table.Add(new E820Entry(start, size, type));
        }
    }

    /// <summary>"%START-FROM+TO": anything behind the types, and nothing happens.</summary>
    private static void Change(ulong start, ulong size, ReadOnlySpan<char> rest, E820Table table)
    {
        var from = TypeAfter('-', ref rest);
        var to = TypeAfter('+', ref rest);
        if (rest.Length > 0)
            return;

        if (to == E820Type.None)
            table.Remove(start, size, from);
        else if (from == E820Type.None)
            table.Add(new E820Entry(start, size, to));
        else
            table.Update(start, size, from, to);
    }

    private static E820Type TypeAfter(char sign, ref ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || text[0] != sign)
            return E820Type.None;

        text = text[1..];
        return (E820Type)(uint)KernelNumber.Plain(ref text);
    }
}
