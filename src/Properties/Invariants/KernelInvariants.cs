// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Properties.Invariants;

/// <summary>What only kernel code that really runs can break.</summary>
public static class KernelInvariants
{
    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly Misuse[] Atomic = [Misuse.Slept, Misuse.WaitedForCpus, Misuse.LeftAtomic];
    private static readonly Misuse[] Locks = [Misuse.LockedTwice, Misuse.NotLocked];
    private static readonly Misuse[] Chain = [Misuse.StoppedChain];
    private static readonly Misuse[] Preemption = [Misuse.Preemptible];

    /// <summary>What a subject violates that does not survive a case.</summary>
    public static KernelInvariant Returns { get; } = new(
        "K1",
        "kernel code returns from every step: no panic, no BUG, no wild memory access, no loop without end, "
            + "no deadlock",
        PropertyClass.Safety, "BUG_ON() and panic() of mm/memblock.c; the compiler's and the processor's own checks",
        Evidence.None,
        static facts => Crash(facts) is { } crash and not CrashKind.Unlocked ? Broken(facts, crash) : Verdict.Holds);

    public static KernelInvariant[] All { get; } =
    [
        Returns,
        new("K2", "tdx_memlist and memblock are touched only under mem_hotplug_lock",
            PropertyClass.Safety, "\"Protected by mem_hotplug_lock\" above tdx_memlist; get_online_mems()",
            Evidence.None,
            static facts => Crash(facts) == CrashKind.Unlocked ? Broken(facts, CrashKind.Unlocked) : Verdict.Holds),
        new("K3", "no WARN fires",
            PropertyClass.Contract, "WARN_ON() and WARN_ON_ONCE() of tdx.c", Evidence.Count,
            static facts => facts.Trace.Warnings > Expected(facts)
                ? Verdict.BrokenBy((ulong)Expected(facts), (ulong)facts.Trace.Warnings)
                : Verdict.Holds) { NeedsKernel = false },
        new("K6", "nothing sleeps or waits for other CPUs with interrupts or preemption off, or under a spinlock",
            PropertyClass.Safety, "might_sleep(), smp_call_function(): called from invalid context", Evidence.Count,
            static facts => Misused(facts, Atomic))
        {
            Shows = KernelDetail.Misuse,
        },
        new("K7", "nobody takes a lock that he has, or releases one that he does not have", PropertyClass.Safety,
            "mutex_lock(), raw_spin_lock(): lockdep", Evidence.Count,
            static facts => Misused(facts, Locks)) { Shows = KernelDetail.Misuse },
        new("K9", "what kernel code asserts of preemption is so", PropertyClass.Contract,
            "lockdep_assert_preemption_disabled()", Evidence.Count, static facts => Misused(facts, Preemption))
        {
            Shows = KernelDetail.Misuse, NeedsKernel = false,
        },
        new("K8", "who accepts a notification leaves it to those behind it in the chain", PropertyClass.Contract,
            "memory_notify(): NOTIFY_STOP_MASK ends the chain", Evidence.Count,
            static facts => Misused(facts, Chain)),
    ];

    /// <summary>Processors and modules that fail where nobody can help are worth a WARN: VMXON at resume, and
    /// TDH.SYS.RD behind an update.</summary>
    private static int Expected(CaseFacts facts)
    {
        var warnings = 0;
        foreach (ref readonly var step in facts.Trace.Steps)
        {
            var isUpdated = false;
            for (var at = step.FirstEvent; step.Step.IsOfLife && at < step.EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                isUpdated |= e.IsCall(SeamcallLeaf.SysUpdate) && e.Seamcall.Succeeded;
                var isLost = isUpdated && e.IsCall(SeamcallLeaf.SysRd) && !e.Seamcall.Succeeded;
                var isDead = step.Step.Kind == StepKind.Suspend && e.IsOfCpu(TraceEventKind.VmxGet, 0)
                    && e.Cpu.Errno != 0;
                warnings += (isLost && IsLastCall(facts, step, at)) || isDead ? 1 : 0;
            }
        }

        return warnings;
    }

    private static bool IsLastCall(CaseFacts facts, in StepRecord step, int call)
    {
        for (var at = call + 1; at < step.EndEvent; at++)
        {
            if (facts.Events[at].Kind == TraceEventKind.Seamcall)
                return false;
        }

        return true;
    }

    private static Verdict Misused(CaseFacts facts, Misuse[] kinds)
    {
        if (facts.Trace.Misuses == 0)
            return Verdict.Holds;

        var (count, first) = (0UL, -1);
        for (var i = 0; i < facts.Events.Length; i++)
        {
            if (facts.Events[i].Kind != TraceEventKind.Misused || !kinds.Contains(facts.Events[i].Misuse))
                continue;

            first = first < 0 ? i : first;
            count++;
        }

        return count == 0 ? Verdict.Holds : Verdict.BrokenBy(0, count).At(StepOf(facts, first));
    }

    private static int StepOf(CaseFacts facts, int at)
    {
        var steps = facts.Trace.Steps;
        var step = 0;
        while (step < steps.Length && at >= (step == 0 ? facts.Trace.BootEvents : steps[step - 1].EndEvent))
            step++;

        return step;
    }

    private static CrashKind? Crash(CaseFacts facts) => facts.Trace.HasCrashed ? facts.Events[^1].Crash : null;
    private static Verdict Broken(CaseFacts facts, CrashKind crash) =>
        Verdict.BrokenBy(0, (ulong)crash).At(facts.Trace.Steps.Length + 1);
}
