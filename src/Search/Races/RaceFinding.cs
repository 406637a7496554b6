// SPDX-License-Identifier: MIT

using TdxVerify.Scenarios.Lines;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search.Races;

/// <summary>A schedule that breaks something.</summary>
/// <param name="Schedule">Which task did what, in order.</param>
public sealed record RaceFinding(
    IReadOnlyList<Violation> Violations, int Preemptions, IReadOnlyList<string> Tasks,
    IReadOnlyList<(int Task, string What)> Schedule)
{
    internal static RaceFinding Of(IReadOnlyList<Violation> broken, int preemptions, Interleaving run, Trace trace)
    {
        var tasks = run.Case.Tasks.Select(static t => t.Name);
        var waits = run.Waiting.Select(static w => (w.Task - 1, "waits for " + EventText.LockName(w.Lock)));
        return new RaceFinding(broken, preemptions, [.. tasks], [.. Lines(run.Case, trace), .. waits]);
    }

    /// <summary>What tasks did: their steps, and in them what others could have come between.</summary>
    private static List<(int Task, string What)> Lines(RaceCase race, Trace trace)
    {
        var lines = new List<(int Task, string What)>();
        var steps = trace.Steps.ToArray();
        var begun = new int[race.Tasks.Count];
        var ended = new int[race.Tasks.Count];
        for (var i = 0; i < trace.Events.Count; i++)
        {
            var e = trace.Events[i];
            var task = e.Task - 1;
            if (task < 0 || e.Kind == TraceEventKind.Crashed)
                continue;

            if (begun[task] == ended[task])
                lines.Add((task, StepWords.Write(race.Tasks[task].Steps[begun[task]++])));

            if (TextOf(e) is { } text)
                lines.Add((task, "  " + text));

            var over = Array.FindIndex(steps, s => s.Task == e.Task && s.EndEvent == i + 1);
            if (over >= 0)
            {
                ended[task]++;
                lines.Add((task, "= " + Errno.Name(steps[over].Result)));
            }
        }

        return lines;
    }

    internal static string Call(in TraceEvent e) => e.Seamcall.Succeeded
        ? SeamcallLeaf.Name(e.Seamcall.Leaf)
        : $"{SeamcallLeaf.Name(e.Seamcall.Leaf)} = {TdxStatus.Name(e.Seamcall.Status) ?? "fails"}";

    private static string? TextOf(in TraceEvent e) => e.Kind switch
    {
        TraceEventKind.Lock or TraceEventKind.Unlock when e.Lock != HostLock.Sysinit => EventText.Write(e),
        _ when !Interleaving.MayStopBehind(e) => null,
        TraceEventKind.Seamcall => Call(e),
        _ => EventText.Write(e),
    };
}
