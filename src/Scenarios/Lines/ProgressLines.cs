// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>Lines that say how far the boot has come. Some say more: all are left to the other readers.</summary>
internal static class ProgressLines
{
    private const string AfterEarlyRanges = "Initmem setup node";

    private static readonly string[] MemblockIsFilled =
    [
        "found SMP MP-table", "Using GB pages", "RAMDISK: ", "ACPI: RSDP", "Zone ranges:", "SRAT: ", "NUMA: ",
        "No NUMA configuration", "Faking a node", "e820__memblock_setup",
    ];

    private static readonly string[] UserSpace =
        ["Run /init as init", "Run /sbin/init as init", "Freeing unused kernel image", "systemd[1]: "];

    public static LogFormat Format { get; } = new([.. MemblockIsFilled, .. UserSpace, AfterEarlyRanges], Read);

    private static LineResult Read(ReadOnlySpan<char> line, BootLog boot)
    {
        foreach (var word in MemblockIsFilled)
        {
            if (line.Contains(word, StringComparison.Ordinal))
                boot.MarkMemblockFilled();
        }

        foreach (var word in UserSpace)
            boot.Scenario.Observed.ReachedUserSpace |= line.Contains(word, StringComparison.Ordinal);

        if (line.Contains(AfterEarlyRanges, StringComparison.Ordinal))
            boot.EndEarlyRanges();

        return LineResult.Unknown;
    }
}
