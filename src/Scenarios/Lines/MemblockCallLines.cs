// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>Calls that memblock=debug traces: "memblock_add: [0x100000-0x1fffff] e820__memblock_setup+0x74/0xb0",
/// "memblock_add_node: [..] nid=1 flags=0 ..".</summary>
internal static class MemblockCallLines
{
    private const string Shape = "memblock_CALL: [0xSTART-0xEND]";

    private static readonly (string Word, MemblockCallKind Kind)[] Calls =
    [
        ("memblock_add: [", MemblockCallKind.Add), ("memblock add: [", MemblockCallKind.Add),
        ("memblock_add_node: [", MemblockCallKind.Add),
        ("memblock_remove: [", MemblockCallKind.Remove), ("memblock_reserve: [", MemblockCallKind.Reserve),
        ("memblock_phys_free: [", MemblockCallKind.Free), ("memblock_free: [", MemblockCallKind.Free),
    ];

    public static LogFormat Format { get; } = new([.. Calls.Select(static c => c.Word)], Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        foreach (var (word, kind) in Calls)
        {
            var scanner = new LineScanner(line);
            if (!scanner.Past(word))
                continue;

            if (!scanner.HexPair("-", out var first, out var last) || !scanner.Word("]") || last < first)
                return LineResult.Malformed(Shape);

            var nid = PfnRange.MaxNumnodes;
            if (scanner.Past(" nid=") && scanner.Number(out var number) && PfnRange.IsValidNode(number))
                nid = number;

            ulong flags = 0;
            if (scanner.Past(" flags="))
            {
                scanner.Word("0x");
                scanner.Digits16(out flags);
            }

            var range = AddressRange.Inclusive(first, last);
            return boot.AddTracedCall(new MemblockCall(kind, range.Start, range.Size, nid, (MemblockFlags)flags))
                ? LineResult.Read
                : LineResult.Malformed("at most 8192 memblock calls");
        }

        return LineResult.Unknown;
    }
}
