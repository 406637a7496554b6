// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios.Lines;

/// <summary>Everything that is read of a log.</summary>
internal static class LogFormats
{
    /// <summary>In the order in which they are asked: the first that knows a line has it.</summary>
    public static IReadOnlyList<LogFormat> All { get; } =
    [
        DirectiveLines.Format,
        ProgressLines.Format,
        E820Lines.Format,
        SratLines.Format,
        MemblockLines.Format,
        MemblockCallLines.Format,
        TdxLines.Format,
        BootLines.Format,
        IomemLines.Format,
        SysfsLines.Format,
        DebugfsLines.Format,
    ];
}
