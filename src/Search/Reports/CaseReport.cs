// SPDX-License-Identifier: MIT

using TdxVerify.Search.Differences;

namespace TdxVerify.Search.Reports;

/// <summary>What happened in a case, in words: plain data from the process that ran it to the screen.</summary>
/// <param name="KernelLog">What the kernel printed, as dmesg shows it.</param>
/// <param name="Events">The last things that it did.</param>
/// <param name="Steps">Boot, and every step that was taken.</param>
public sealed record CaseReport(
    IReadOnlyList<string> KernelLog, IReadOnlyList<string> Events, IReadOnlyList<StepReport> Steps)
{
    private const int LastEvents = 10;

    /// <summary>What a trace shows.</summary>
    /// <param name="release">The release whose words are used.</param>
    /// <param name="textOf">The text of a line that no release has, by its number; null: it is not known.</param>
    internal static CaseReport Of(Trace trace, Version release, Func<ulong, string?> textOf) => new(
        KernelLogText.Of(trace, release, textOf),
        [.. trace.Events.TakeLast(LastEvents).Select(e => e.Kind == TraceEventKind.Log
            ? "printk: " + KernelLogText.Of(e, release, textOf)
            : EventText.Write(e))],
        StepReport.Of(trace));
}
