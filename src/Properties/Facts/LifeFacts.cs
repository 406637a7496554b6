// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Facts;

/// <summary>What the steps of a kernel that runs did to the module: when an update took it away, and which calls they
/// made. It allocates nothing.</summary>
public sealed class LifeFacts
{
    private CaseFacts? _facts;

    /// <summary>True when there is a step of that kind at all, be it that the run ended in it.</summary>
    public bool Any { get; private set; }

    /// <summary>Number of the first step whose update shut the module down and did not bring one up again; -1:
    /// none.</summary>
    public int LossStep { get; private set; }

    internal void Load(CaseFacts facts)
    {
        (_facts, Any, LossStep) = (facts, false, -1);
        foreach (var step in facts.Scenario.Steps)
            Any |= step.IsOfLife;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (LossStep < 0 && steps[i].Step.Kind == StepKind.ModuleUpdate && steps[i].Result != 0
                && Find(steps[i], SeamcallLeaf.SysShutdown, succeeded: true) >= 0)
            {
                LossStep = i;
            }
        }
    }

    /// <summary>True when TDX is initialised and no update has lost it, in front of a step.</summary>
    public bool IsOn(int step) =>
        _facts!.Succeeded && step > _facts.EnableStep && (LossStep < 0 || step <= LossStep);

    /// <summary>Index of the first call of a leaf in a step that succeeded, or that failed; -1: none.</summary>
    public int Find(in StepRecord step, ulong leaf, bool succeeded)
    {
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            ref readonly var e = ref _facts!.Events[at];
            if (e.IsCall(leaf) && e.Seamcall.Succeeded == succeeded && step.Owns(e))
                return at;
        }

        return -1;
    }

    /// <summary>Index of the first call in [first, end) that failed and was not repeated; -1: none.</summary>
    public int FirstFailure(int first, int end)
    {
        for (var at = first; at < end; at++)
        {
            ref readonly var e = ref _facts!.Events[at];
            if (e.Kind == TraceEventKind.Seamcall && !e.Seamcall.Succeeded && !IsRepeated(at, end))
                return at;
        }

        return -1;
    }

    private bool IsRepeated(int call, int end)
    {
        for (var at = call + 1; at < end; at++)
        {
            if (EventFacts.IsRepeatedBy(_facts!.Events[call], _facts.Events[at]))
                return true;
        }

        return false;
    }
}
