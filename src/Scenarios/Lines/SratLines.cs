// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Scenarios.Lines;

/// <summary>Memory affinity: "SRAT: Node 0 PXM 0 [mem 0x0-0x9ffff] hotplug", or with bare half-open digits before
/// 3.5.</summary>
internal static class SratLines
{
    private const int MaxEntries = NumaMemblks.MaxBlocks * 2;
    private const string Shape = "SRAT: Node N PXM P [mem 0xSTART-0xEND]";

    public static LogFormat Format { get; } = new(["SRAT: Node "], Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var scanner = new LineScanner(line);
        if (!scanner.Past("SRAT: Node "))
            return LineResult.Unknown;

        if (!scanner.Number(out var nid) || !scanner.Word(" PXM ") || !scanner.Number(out var pxm)
            || !scanner.Word(" ")
            || !PfnRange.IsValidNode(nid) || !TryRange(ref scanner, out var range))
        {
            return LineResult.Malformed(Shape);
        }

        var isHotplug = scanner.Rest.Contains("hotplug", StringComparison.Ordinal)
            || scanner.Rest.Contains("Hot Plug", StringComparison.Ordinal);
        var isNonVolatile = scanner.Rest.Contains("non-volatile", StringComparison.Ordinal);
        var entry = new SratEntry(nid, pxm, range.Start, range.End, isHotplug, isNonVolatile);
        return BootLog.TryAdd(boot.Scenario.Machine.Srat, entry, MaxEntries)
            ? LineResult.Read
            : LineResult.Malformed("at most 4096 SRAT entries");
    }

    private static bool TryRange(ref LineScanner scanner, out AddressRange range)
    {
        range = default;
        if (scanner.MemRange(out var first, out var last))
        {
            range = new AddressRange(first, unchecked(last + 1));
            return last >= first || range.End == first;
        }

        if (!scanner.Digits16(out var start) || !scanner.Word("-") || !scanner.Digits16(out var end) || end < start)
            return false;

        range = new AddressRange(start, end);
        return true;
    }
}
