// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>The kernel's version and command line, EFI mirrored ranges, memory block size, CXL windows.</summary>
internal static class BootLines
{
    /// <summary>In the first line of a boot.</summary>
    public const string Start = "Linux version ";

    public static LogFormat Format { get; } = new(
        [Start, "ommand line: ", "Memory block size: ", "CFMWS base ", "efi: mem"], Read)
    {
        Examples =
        [
            "Linux version 6.12.0 (x)",
            "Kernel command line: numa=off",
            "x86/mm: Memory block size: 2048MB",
            "acpi: CFMWS base 0x1000000000 size 0x100000000",
            "efi: mem03: [Conventional Memory|   |MR|WB] range=[0x100000-0x1fffff] (1MB)",
        ],
    };

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        var scanner = new LineScanner(line);
        if (scanner.Past(Start))
        {
            var end = scanner.Rest.IndexOf(' ');
            boot.Scenario.Machine.KernelRelease = (end < 0 ? scanner.Rest : scanner.Rest[..end]).ToString();
            return LineResult.Read;
        }

        if (scanner.Past("ommand line: "))
        {
            var machine = boot.Scenario.Machine;
            machine.Options = CommandLineWords.Parse(scanner.Rest);
            return LineResult.Read;
        }

        if (scanner.Past("Memory block size: "))
        {
            var isWhole = scanner.Number(out var mib) && mib > 0 && scanner.Word("MB");
            boot.Scenario.Observed.MemoryBlockSize = isWhole ? (ulong)mib * Sizes.Mib : 0;
            return isWhole ? LineResult.Read : LineResult.Malformed("Memory block size: NMB");
        }

        if (scanner.Past("CFMWS base "))
        {
            var isWhole = scanner.Hex(out var start) & scanner.Past("size ") & scanner.Hex(out var size);
            if (isWhole)
            {
                var window = new NamedRange(AddressRange.OfSize(start, size), "CXL window (CFMWS)");
                BootLog.TryAdd(boot.Scenario.Machine.HotpluggableMemory, window);
            }

            return isWhole ? LineResult.Read : LineResult.Malformed("CFMWS base 0xSTART size 0xSIZE");
        }

        return scanner.Past("efi: mem") ? ReadEfi(scanner, boot) : LineResult.Unknown;
    }

    /// <summary>"efi: mem03: [Conventional Memory|   |  |  |MR|...] range=[0x..-0x..] (..MB)"; before 4.2 the end was
    /// exclusive and closed with a parenthesis.</summary>
    private static LineResult ReadEfi(LineScanner scanner, BootLog boot)
    {
        const string Shape = "efi: memN: [type|attributes] range=[0xSTART-0xEND]";
        if (!scanner.Number(out _) || !scanner.Word(": "))
            return LineResult.Unknown;

        var isMirrored = scanner.Rest.Contains("|MR|", StringComparison.Ordinal);
        if (!isMirrored)
            return LineResult.Unknown;

        if (!scanner.Past("range=[") || !scanner.HexPair("-", out var first, out var last) || last < first)
            return LineResult.Malformed(Shape);

        var range = scanner.Word(")") ? new AddressRange(first, last) : AddressRange.Inclusive(first, last);
        BootLog.TryAdd(boot.Scenario.Machine.Mirrored, range);
        return LineResult.Read;
    }
}
