// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>/sys/devices/system/memory, one line a block: "memory7 phys_index=00000007 state=online node=0" behind
/// "block_size_bytes 8000000".</summary>
internal static class SysfsLines
{
    private const ulong SmallestBlock = 1UL << 20;

    public static LogFormat Format { get; } = new(["block_size_bytes", "phys_index="], Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var scanner = new LineScanner(line.TrimStart());
        if (scanner.Word("block_size_bytes"))
        {
            scanner.Word(":");
            scanner.Word("=");
            scanner.Blanks();
            if (!scanner.Digits16(out var size) || size < SmallestBlock || !System.Numerics.BitOperations.IsPow2(size))
                return LineResult.Malformed("block_size_bytes, a power of two in hexadecimal without 0x");

            boot.Scenario.Observed.MemoryBlockSize = size;
            return LineResult.Read;
        }

        if (!scanner.Word("memory") || !scanner.Number(out _)
            || !scanner.Rest.Contains("phys_index=", StringComparison.Ordinal))
        {
            return LineResult.Unknown;
        }

        var block = boot.Scenario.Observed.MemoryBlockSize;
        if (block == 0)
            return LineResult.Malformed("block_size_bytes before the first memory block");

        var isOnline = scanner.Rest.Contains("state=online", StringComparison.Ordinal)
            || scanner.Rest.Contains("state=going-offline", StringComparison.Ordinal);
        if (!scanner.Past("phys_index=") || !scanner.Digits16(out var index) || index > ulong.MaxValue / block - 1)
            return LineResult.Malformed("memoryN phys_index=HEX state=...");

        var nid = scanner.Past(" node=") && scanner.Number(out var number)
            && PfnRange.IsValidNode(number) ? number : 0;
        if (isOnline)
            boot.AddOnline(new PfnRange(Pages.PfnDown(index * block), Pages.PfnDown((index + 1) * block), nid));

        return LineResult.Read;
    }
}
