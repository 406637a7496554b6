// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family E: the machine sleeps, and the kernel ends (7.2).</summary>
internal static class EndInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("E1", "when a kernel that initialised TDX ends, and when any dies, TDH.SYS.DISABLE is its last SEAMCALL; "
            + "where there is time every CPU is flushed behind it before it gives its reference to VMX back", Safety,
            "tdx_shutdown(): tdx_sys_disable(), tdx_shutdown_cpu(); crash.c", Evidence.Leaf, DisablesLast),
        new("E2", "TDH.SYS.DISABLE is repeated only for a status that means \"again\" (TDX_INTERRUPTED_RESUMABLE, "
            + "TDX_SYS_BUSY, missing entropy), and ends", Contract, "tdx_sys_disable(): the loop has no bound",
            Evidence.Status, DisableEnds),
        new("E3", "sleep makes no SEAMCALL where TDX is up, and leaves each CPU online with its reference to VMX",
            Safety, "tdx_suspend(), tdx_resume()", Evidence.Leaf, SleepChangesNothing),
        new("E4", "a kernel leaves the module so that the next one can initialise TDX", Contract,
            "tdx_sys_disable(): \"until a full reinitialization is done\"", Evidence.Result, NextKernelCanStart),
    ];

    /// <summary>Who was told so often may give up: how often is a kernel's choice.</summary>
    private const int MinRepeats = 9;

    private static bool Shows(CaseFacts facts) =>
        facts.Life.Any && facts.Trace.HasState && facts.Sees(Observes.Events);

    private static Verdict DisablesLast(CaseFacts facts)
    {
        if (!Shows(facts) || facts.Trace.Steps is not [.., var last] || !last.Step.IsLast
            || (!facts.Succeeded && last.Step.Kind != StepKind.Crash))
        {
            return Verdict.NotObservable;
        }

        var number = facts.Trace.Steps.Length;
        var leaf = 0UL;
        var end = last.FirstEvent;
        for (var at = last.FirstEvent; at < last.EndEvent; at++)
        {
            if (facts.Events[at].Kind == TraceEventKind.Seamcall)
                (leaf, end) = (facts.Events[at].Seamcall.Leaf, at);
        }

        if (leaf != SeamcallLeaf.SysDisable)
            return Verdict.BrokenBy(SeamcallLeaf.SysDisable, leaf).At(number);

        // What is given back in front of it, or without a flush behind it, is too early.
        var dirty = facts.Trace.SnapshotAfter(number - 1).IncoherentCaches | 1;
        var flushed = 0UL;
        for (var at = last.FirstEvent; at < last.EndEvent; at++)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind is not (TraceEventKind.VmxPut or TraceEventKind.CpuFlush))
                continue;

            var bit = e.Cpu.Cpu < 64 ? 1UL << e.Cpu.Cpu : 0;
            flushed |= e.Kind == TraceEventKind.CpuFlush && at > end ? bit : 0;
            if (e.Kind == TraceEventKind.VmxPut && (at < end || (dirty & bit & ~flushed) != 0))
                return Verdict.BrokenBy(SeamcallLeaf.SysDisable, 0).At(number);
        }

        return Verdict.Holds;
    }

    private static Verdict DisableEnds(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var last = TdxStatus.Success;
        var (calls, repeats, step) = (0, 0, -1);
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref facts.Events[at];
            if (!call.IsCall(SeamcallLeaf.SysDisable))
                continue;

            // In another step it is another attempt.
            if (StepOf(facts, at) is var now && now != step)
                (calls, step, last) = (0, now, TdxStatus.Success);

            if (calls++ > 0 && !TdxStatus.IsTransient(last))
                return Verdict.BrokenBy(TdxStatus.SysBusy, last);

            repeats = call.Seamcall.Status == last ? repeats + 1 : 0;
            last = call.Seamcall.Status;
        }

        return facts.Trace.IsEndless && facts.Events[^1].RepeatedLeaf == SeamcallLeaf.SysDisable
            ? Verdict.BrokenBy(TdxStatus.Success, last).At(facts.Trace.Steps.Length + 1)
            : last is TdxStatus.InterruptedResumable or TdxStatus.SysBusy && !facts.Trace.HasEnded
                && repeats < MinRepeats
                ? Verdict.BrokenBy(TdxStatus.Success, last)
                : Verdict.Holds;
    }

    private static int StepOf(CaseFacts facts, int at)
    {
        var steps = facts.Trace.Steps;
        var step = 0;
        while (step < steps.Length && at >= steps[step].EndEvent)
            step++;

        return step;
    }

    private static Verdict SleepChangesNothing(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind != StepKind.Suspend || !facts.Life.IsOn(i))
                continue;

            var hasFailed = false;
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                if (e.Kind == TraceEventKind.Seamcall)
                    return Verdict.BrokenBy(0, e.Seamcall.Leaf).At(i + 1);

                hasFailed |= e.Kind == TraceEventKind.VmxGet && e.Cpu.Errno != 0;
            }

            var (before, after) = (facts.Trace.SnapshotAfter(i), facts.Trace.SnapshotAfter(i + 1));
            if (!hasFailed && (before.OnlineCpus != after.OnlineCpus || (before.VmxUsers & ~after.VmxUsers) != 0))
                return Verdict.BrokenBy(0, 0).At(i + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>This kernel could.</summary>
    private static bool WasInitialised(CaseFacts facts)
    {
        foreach (var at in facts.EventFacts.Calls)
        {
            if (facts.Events[at].IsCall(SeamcallLeaf.SysInit) && facts.Events[at].Seamcall.Succeeded)
                return true;
        }

        return false;
    }

    /// <summary>TDH.SYS.DISABLE failed as the script says, or for VMX that a processor has lost: nothing that a kernel
    /// can mend.</summary>
    private static bool IsRefused(CaseFacts facts)
    {
        var status = TdxStatus.Success;
        foreach (var at in facts.EventFacts.Calls)
        {
            if (facts.Events[at].IsCall(SeamcallLeaf.SysDisable))
                status = facts.Events[at].Seamcall.Status;
        }

        foreach (var fault in facts.Scenario.Faults.Seamcalls)
        {
            if (fault.Leaf == SeamcallLeaf.SysDisable && fault.Status == status)
                return true;
        }

        return status == TdxStatus.SeamcallUd && facts.Succeeded && facts.Scenario.Faults.FailingVmxon != 0;
    }

    private static Verdict NextKernelCanStart(CaseFacts facts)
    {
        if (!Shows(facts) || facts.Trace.Steps is not [.., var last]
            || last.Step.Kind is not (StepKind.Kexec or StepKind.Crash) || !WasInitialised(facts))
        {
            return Verdict.NotObservable;
        }

        return last.Result == 0 || IsRefused(facts)
            ? Verdict.Holds
            : Verdict.BrokenBy(0, unchecked((ulong)last.Result)).At(facts.Trace.Steps.Length);
    }
}
