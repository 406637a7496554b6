// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>What a kernel showed of memblock: Early memory node ranges, memblock=debug dumps.</summary>
internal static class MemblockLines
{
    public static LogFormat Format { get; } = new(
        ["Early memory node ranges", "active PFN ranges", "MEMBLOCK configuration:", "memory[0x", "node ", " -> 0x"],
        Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        if (line.Contains("Early memory node ranges", StringComparison.Ordinal)
            || line.Contains("active PFN ranges", StringComparison.Ordinal))
        {
            boot.StartEarlyRanges();
            return LineResult.Read;
        }

        if (line.Contains("MEMBLOCK configuration:", StringComparison.Ordinal))
        {
            boot.StartMemblockDump();
            return LineResult.Read;
        }

        var scanner = new LineScanner(line);
        if (scanner.Past(" memory[0x") || scanner.Past("\tmemory[0x")
            || (line.StartsWith("memory[0x", StringComparison.Ordinal) && scanner.Word("memory[0x")))
        {
            return ReadDump(scanner, boot);
        }

        return boot.SawEarlyHeader ? ReadEarly(line, boot) : LineResult.Unknown;
    }

    private static LineResult ReadDump(LineScanner scanner, BootLog boot)
    {
        const string Shape = "memory[0xN] [0xSTART-0xEND], 0xSIZE bytes flags: 0xF";
        if (!scanner.Digits16(out var index) || !scanner.Word("]"))
            return LineResult.Malformed(Shape);

        scanner.Blanks();
        if (!scanner.Word("[") || !scanner.HexPair("-", out var first, out var last) || !scanner.Word("]")
            || last < first)
        {
            return LineResult.Malformed(Shape);
        }

        var nid = PfnRange.MaxNumnodes;
        if (scanner.Past(" on node ") && (!scanner.Number(out nid) || !PfnRange.IsValidNode(nid)))
            return LineResult.Malformed(Shape);

        if (!scanner.Past("flags: 0x") || !scanner.Digits16(out var flags))
            return LineResult.Malformed(Shape);

        if (index == 0)
            boot.StartMemblockDump();

        return boot.AddMemblockRegion(
            new MemblockRegion(AddressRange.Inclusive(first, last), nid, (MemblockFlags)flags));
    }

    /// <summary>"  node   0: [mem 0x1000-0x9efff]" with inclusive ends, or before 3.5 "    0: 0x10 -> 0x9f" in page
    /// frames.</summary>
    private static LineResult ReadEarly(ReadOnlySpan<char> line, BootLog boot)
    {
        const string Shape = "node N: [mem 0xSTART-0xEND]";
        var scanner = new LineScanner(line);
        if (scanner.Past("  node ") || (line.StartsWith("node ", StringComparison.Ordinal) && scanner.Word("node "))
            || scanner.Past("\tnode ") || scanner.Past("] node "))
        {
            scanner.Blanks();
            var isNumbered = scanner.Rest.Length > 0 && char.IsAsciiDigit(scanner.Rest[0]);
            if (!scanner.Number(out var nid) || !scanner.Word(": "))
                return isNumbered ? LineResult.Malformed(Shape) : LineResult.Unknown;

            return scanner.MemRange(out var first, out var last) && last >= first && PfnRange.IsValidNode(nid)
                ? boot.AddEarly(new PfnRange(Pages.PfnDown(first), Pages.PfnDown(last) + 1, nid))
                : LineResult.Malformed(Shape);
        }

        if (!scanner.Past("    ") || !line.Contains(" -> ", StringComparison.Ordinal))
            return LineResult.Unknown;

        scanner.Blanks();
        return scanner.Number(out var node) && scanner.Word(": ") && PfnRange.IsValidNode(node)
            && scanner.HexPair(" -> ", out var start, out var end) && start < end
                ? boot.AddEarly(new PfnRange(start, end, node))
                : LineResult.Unknown;
    }
}
