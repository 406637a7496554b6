// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Scenarios.Lines;

/// <summary>What a kernel showed of memblock: Early memory node ranges, memblock=debug dumps, /sys/kernel/debug/memblock/memory.</summary>
internal static class MemblockLines
{
    private static readonly (string Name, uint Flag)[] FlagNames =
        [("HOTPLUG", 1), ("MIRROR", 2), ("NOMAP", 4), ("DRV_MNG", 8), ("DRIVER_MNG", 8), ("RSV_NOINIT", 0x10), ("RSV_KERN", 0x20), ("KHO_SCRATCH", 0x40)];

    /// <summary>Reads a line into the boot.</summary>
    public static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        if (line.Contains("Early memory node ranges", StringComparison.Ordinal) || line.Contains("active PFN ranges", StringComparison.Ordinal))
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
        if (scanner.Past(" memory[0x") || scanner.Past("\tmemory[0x") || (line.StartsWith("memory[0x", StringComparison.Ordinal) && scanner.Word("memory[0x")))
        {
            return ReadDump(scanner, boot);
        }

        return boot.SawEarlyHeader ? ReadEarly(line, boot) : LineResult.Unknown;
    }

    /// <summary>A line of debugfs: "   0: 0x0000000000001000..0x000000000009efff    0 NONE".</summary>
    public static LineResult ReadDebugfs(ReadOnlySpan<char> line, BootLog boot)
    {
        var scanner = new LineScanner(line);
        scanner.Blanks();
        if (!scanner.Number(out _) || !scanner.Word(": ") || !scanner.Rest.StartsWith("0x", StringComparison.Ordinal)
            || !scanner.Rest.Contains("..", StringComparison.Ordinal))
        {
            return LineResult.Unknown;
        }

        if (!scanner.HexPair("..", out var first, out var last) || last < first)
        {
            return LineResult.Malformed("N: 0xSTART..0xEND");
        }

        scanner.Blanks();
        var nid = scanner.Number(out var number) && PfnRange.IsValidNode(number) ? number : PfnRange.MaxNumnodes;
        uint flags = 0;
        foreach (var (name, flag) in FlagNames)
        {
            flags |= scanner.Rest.Contains(name, StringComparison.Ordinal) ? flag : 0;
        }

        return boot.AddMemblockRegion(new MemblockRegion(AddressRange.Inclusive(first, last), nid, (MemblockFlags)flags));
    }

    private static LineResult ReadDump(LineScanner scanner, BootLog boot)
    {
        const string Shape = "memory[0xN] [0xSTART-0xEND], 0xSIZE bytes flags: 0xF";
        if (!scanner.Digits16(out var index) || !scanner.Word("]"))
        {
            return LineResult.Malformed(Shape);
        }

        scanner.Blanks();
        if (!scanner.Word("[") || !scanner.HexPair("-", out var first, out var last) || !scanner.Word("]") || last < first)
        {
            return LineResult.Malformed(Shape);
        }

        var nid = PfnRange.MaxNumnodes;
        if (scanner.Past(" on node ") && (!scanner.Number(out nid) || !PfnRange.IsValidNode(nid)))
        {
            return LineResult.Malformed(Shape);
        }

        if (!scanner.Past("flags: 0x") || !scanner.Digits16(out var flags))
        {
            return LineResult.Malformed(Shape);
        }

        if (index == 0)
        {
            boot.StartMemblockDump();
        }

        return boot.AddMemblockRegion(new MemblockRegion(AddressRange.Inclusive(first, last), nid, (MemblockFlags)flags));
    }

    /// <summary>"  node   0: [mem 0x1000-0x9efff]" with inclusive ends, or before 3.5 "    0: 0x10 -> 0x9f" in page frames.</summary>
    private static LineResult ReadEarly(ReadOnlySpan<char> line, BootLog boot)
    {
        const string Shape = "node N: [mem 0xSTART-0xEND]";
        var scanner = new LineScanner(line);
        if (scanner.Past("  node ") || (line.StartsWith("node ", StringComparison.Ordinal) && scanner.Word("node ")) || scanner.Past("\tnode ") || scanner.Past("] node "))
        {
            scanner.Blanks();
            var isNumbered = scanner.Rest.Length > 0 && char.IsAsciiDigit(scanner.Rest[0]);
            if (!scanner.Number(out var nid) || !scanner.Word(": "))
            {
                return isNumbered ? LineResult.Malformed(Shape) : LineResult.Unknown;
            }

            return scanner.MemRange(out var first, out var last) && last >= first && PfnRange.IsValidNode(nid)
                ? boot.AddEarly(new PfnRange(Pages.PfnDown(first), Pages.PfnDown(last) + 1, nid))
                : LineResult.Malformed(Shape);
        }

        if (!scanner.Past("    ") || !line.Contains(" -> ", StringComparison.Ordinal))
        {
            return LineResult.Unknown;
        }

        scanner.Blanks();
        return scanner.Number(out var node) && scanner.Word(": ") && PfnRange.IsValidNode(node)
            && scanner.HexPair(" -> ", out var start, out var end) && start < end
                ? boot.AddEarly(new PfnRange(start, end, node))
                : LineResult.Unknown;
    }
}
