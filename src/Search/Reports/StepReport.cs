// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Scenarios.Lines;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search.Reports;

/// <summary>What one step led to.</summary>
/// <param name="Step">As a scenario file spells it; "boot" for what comes before the first.</param>
/// <param name="Result">0, an errno by name, or what the step is about; empty for boot.</param>
/// <param name="Changes">What it changed, and who refused it.</param>
public sealed record StepReport(string Step, string Result, IReadOnlyList<string> Changes)
{
    /// <summary>What stands for a step where the run ended early.</summary>
    public const string End = "the end";

    private static readonly Snapshot Nothing = new();

    internal static IReadOnlyList<StepReport> Of(Trace trace)
    {
        if (!trace.HasState)
            return [];

        var steps = new List<StepReport> { new("boot", "", StateChanges.Of(Nothing, trace.SnapshotAfter(0))) };
        for (var i = 0; i < trace.Steps.Length; i++)
        {
            ref readonly var step = ref trace.Steps[i];
            var changes = Refusals(trace, step);
            if (!trace.HasEnded || i + 1 < trace.Steps.Length)
                changes = changes.Concat(StateChanges.Of(trace.SnapshotAfter(i), trace.SnapshotAfter(i + 1)));

            steps.Add(new StepReport(StepWords.Write(step.Step), ResultOf(step), [.. changes]));
        }

        if (trace.Unknown is { } unknown)
            steps.Add(new StepReport(End, unknown, []));
        else if (trace.HasCrashed)
            steps.Add(new StepReport(End, EventText.Write(trace.Events[^1]), []));

        return steps;
    }

    private static string ResultOf(in StepRecord step) => step.Step.Kind switch
    {
        StepKind.MachineCheck => step.Result == 0 ? "nothing is said" : "TDX private memory error",
        StepKind.GuestPage when step.Result >= 0 =>
            string.Create(CultureInfo.InvariantCulture, $"a page of node {step.Result}"),
        _ => Errno.Name(step.Result),
    };

    private static IEnumerable<string> Refusals(Trace trace, StepRecord step)
    {
        for (var at = step.FirstEvent; at < step.EndEvent && at < trace.Events.Count; at++)
        {
            var e = trace.Events[at];
            if (e.Kind == TraceEventKind.Notify && e.Notification.Errno != 0)
                yield return "refused: " + EventText.Write(e);
        }
    }
}
