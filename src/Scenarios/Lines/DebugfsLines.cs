// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>/sys/kernel/debug/memblock/memory: "   0: 0x0000000000001000..0x000000000009efff    0 NONE".</summary>
internal static class DebugfsLines
{
    private static readonly (string Name, uint Flag)[] FlagNames =
    [
        ("HOTPLUG", 1), ("MIRROR", 2), ("NOMAP", 4), ("DRV_MNG", 8), ("DRIVER_MNG", 8),
        ("RSV_NOINIT", 0x10), ("RSV_KERN", 0x20), ("KHO_SCRATCH", 0x40),
    ];

    // A line may be cut in front of its second address; those of RAM begin with a 0.
    public static LogFormat Format { get; } = new(["..0x", ": 0x0"], Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var scanner = new LineScanner(line);
        scanner.Blanks();
        if (!scanner.Number(out _) || !scanner.Word(": ") || !scanner.Rest.StartsWith("0x", StringComparison.Ordinal)
            || !scanner.Rest.Contains("..", StringComparison.Ordinal))
        {
            return LineResult.Unknown;
        }

        if (!scanner.HexPair("..", out var first, out var last) || last < first)
            return LineResult.Malformed("N: 0xSTART..0xEND");

        scanner.Blanks();
        var nid = scanner.Number(out var number) && PfnRange.IsValidNode(number) ? number : PfnRange.MaxNumnodes;
        uint flags = 0;
        foreach (var (name, flag) in FlagNames)
            flags |= scanner.Rest.Contains(name, StringComparison.Ordinal) ? flag : 0;

        var range = AddressRange.Inclusive(first, last);
        return boot.AddMemblockRegion(new MemblockRegion(range, nid, (MemblockFlags)flags));
    }
}
