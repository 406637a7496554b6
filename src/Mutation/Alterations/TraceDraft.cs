// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>A trace that can be changed: of one task, and one that came to its end.</summary>
internal sealed class TraceDraft
{
    private readonly Trace _original;

    private TraceDraft(Trace trace)
    {
        _original = trace;
        var first = 0;
        Events.Add([.. trace.EventSpan[..trace.BootEvents]]);
        first = trace.BootEvents;
        foreach (ref readonly var step in trace.Steps)
        {
            Steps.Add(step.Step);
            Results.Add(step.Result);
            Events.Add([.. trace.EventSpan[first..step.EndEvent]]);
            first = step.EndEvent;
        }

        for (var i = 0; i <= trace.Steps.Length; i++)
        {
            var snapshot = trace.SnapshotAfter(i);
            SharesState.Add(i > 0 && ReferenceEquals(snapshot, trace.SnapshotAfter(i - 1)));
            States.Add(SharesState[i] ? States[i - 1] : SnapshotDraft.Of(snapshot));
        }

        Configured = TdmrDraft.Of(trace.Configured);
    }

    /// <summary>What happened, by step; 0 is boot.</summary>
    public List<List<TraceEvent>> Events { get; } = [];

    public List<Step> Steps { get; } = [];
    public List<int> Results { get; } = [];

    /// <summary>The state after boot (0) and every step.</summary>
    public List<SnapshotDraft> States { get; } = [];

    /// <summary>True for a step that only looked: its state is the one before it.</summary>
    public List<bool> SharesState { get; } = [];

    /// <summary>The table that TDH.SYS.CONFIG was given.</summary>
    public List<TdmrDraft> Configured { get; }

    /// <summary>True for a trace that a draft can be made of.</summary>
    public static bool CanBeOf(Trace trace) => trace.HasState && !trace.HasEnded && trace.Dropped == 0;

    public static TraceDraft Of(Trace trace) => new(trace);

    public void WriteTo(Trace trace)
    {
        trace.Clear();
        trace.Observes = _original.Observes;
        Append(trace, Events[0]);
        States[0].WriteTo(trace.EndBoot());
        for (var i = 0; i < Steps.Count && !trace.HasEnded; i++)
        {
            Append(trace, Events[i + 1]);
            if (trace.HasEnded)
                break;

            if (SharesState[i + 1])
                trace.EndStepWithoutChange(Steps[i], Results[i]);
            else
                States[i + 1].WriteTo(trace.EndStep(Steps[i], Results[i]));
        }

        foreach (var step in _original.Skipped)
            trace.Skip(step);

        TdmrDraft.Write(Configured, trace.Configured);
    }

    private static void Append(Trace trace, List<TraceEvent> events)
    {
        foreach (var e in events)
            trace.Append(e);
    }
}
