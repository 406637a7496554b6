// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>/proc/iomem: "00100000-2007ffff : System RAM", two blanks a level, inclusive ends.</summary>
internal static class IomemLines
{
    private static readonly Dictionary<string, E820Type> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["System RAM"] = E820Type.Ram,
        ["Reserved"] = E820Type.Reserved,
        ["ACPI Tables"] = E820Type.Acpi,
        ["ACPI Non-volatile Storage"] = E820Type.Nvs,
        ["Unusable memory"] = E820Type.Unusable,
        ["Persistent Memory"] = E820Type.Pmem,
        ["Persistent Memory (legacy)"] = E820Type.Pram,
        ["Soft Reserved"] = E820Type.SoftReserved,
    };

    public static LogFormat Format { get; } = new([" : "], Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var text = line.TrimStart(" \t>");
        var indent = line.Length - text.Length;
        var scanner = new LineScanner(text);
        if (!scanner.Digits16(out var first) || !scanner.Word("-") || !scanner.Digits16(out var last)
            || !scanner.Word(" : "))
        {
            return LineResult.Unknown;
        }

        if (last < first)
            return LineResult.Malformed("START-END : NAME");

        var name = scanner.Rest.Trim().ToString();
        var range = AddressRange.Inclusive(first, last);
        if (Types.TryGetValue(name, out var type))
        {
            return boot.AddIomem(indent, new E820Entry(range.Start, range.Size, type))
                ? LineResult.Read
                : LineResult.Malformed("at most 3200 memory resources");
        }

        boot.NoteIomemIndent(indent);
        var isLater = name.StartsWith("CXL Window", StringComparison.Ordinal)
            || name.StartsWith("System RAM (", StringComparison.Ordinal);
        if (isLater)
            BootLog.TryAdd(boot.Scenario.Machine.HotpluggableMemory, new NamedRange(range, name));

        return isLater ? LineResult.Read : LineResult.Unknown;
    }
}
