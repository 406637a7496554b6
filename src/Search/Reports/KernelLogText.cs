// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Reports;

/// <summary>What a trace's kernel printed.</summary>
internal static class KernelLogText
{
    private const int MaxLines = 100;
    private const string Prefix = "virt/tdx: ";

    public static IReadOnlyList<string> Of(Trace trace, Version release, Func<ulong, string?> textOf) =>
    [
        .. trace.Events.Where(static e => e.Kind == TraceEventKind.Log).Take(MaxLines)
            .Select(e => Of(e, release, textOf)),
    ];

    /// <summary>One line; of one that no release has, its format.</summary>
    public static string Of(TraceEvent e, Version release, Func<ulong, string?> textOf) =>
        e.Log.Line == KernelLine.Other
            ? Prefix + (textOf(e.Log.Second)?.Trim() ?? "(a line that no release has)")
            : e.Log.Print(release);
}
