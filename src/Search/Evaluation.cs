// SPDX-License-Identifier: MIT

using TdxVerify.Search.Differences;
using TdxVerify.Search.Reports;

namespace TdxVerify.Search;

/// <summary>What one scenario led to: plain data.</summary>
/// <param name="Memory">Memory after the last step that returned.</param>
/// <param name="Pamts">PAMT chunks of the table that TDH.SYS.CONFIG was given.</param>
/// <param name="Trace">The trace in words, where it may differ a second time; else empty.</param>
public sealed record Evaluation(
    IReadOnlyList<Violation> Violations, IReadOnlyList<AddressRange> Memory, IReadOnlyList<AddressRange> Pamts,
        IReadOnlyList<string> Trace)
{
    /// <summary>Kernel code went on for ever: it cost the time that a hang takes to be noticed.</summary>
    public bool HasHung { get; init; }

    /// <summary>What happened, where it was asked for; else null.</summary>
    public CaseReport? Report { get; init; }

    /// <summary>What a judge says of the case that it ran last.</summary>
    internal static Evaluation Of(CaseJudge judge, bool withTrace)
    {
        var trace = judge.Facts.Trace;
        return new Evaluation(
            [.. judge.Judge(0, withMetamorphic: true)], MemoryOf(trace), PamtsOf(trace), withTrace
                ? EventText.Lines(trace)
                : []);
    }

    private static List<AddressRange> MemoryOf(Trace trace) => trace.HasState
        ? [.. trace.SnapshotAfter(trace.Steps.Length).Memory.ToArray().Select(static r => r.Range)]
        : [];

    private static List<AddressRange> PamtsOf(Trace trace) =>
        [.. trace.Configured.Tdmrs.ToArray().Select(static t => new AddressRange(t.Pamt4K.Base, t.Pamt1G.Range.End))];
}
