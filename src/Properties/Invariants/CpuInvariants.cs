// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family O: CPUs that come online and go offline (7.1).</summary>
internal static class CpuInvariants
{
    private const int MaskBits = 64;

    public static IEnumerable<Invariant> All =>
    [
        new("O1", "from the initialisation of TDX to the end of the kernel it has a reference to VMX on every online "
            + "CPU; before, behind a failure, and on every other CPU it has none", Safety,
            "tdx_online_cpu(), tdx_offline_cpu(): x86_virt_get_ref(), x86_virt_put_ref()", Evidence.Address,
            HasReferenceWhereOnline),
        new("O5", "TDX takes a reference to VMX where it has none, gives back what it has, and calls the module with "
            + "one alone; a machine check and a crash may try without", Safety,
            "x86_virt_get_ref(); a SEAMCALL without VMX is #UD", Evidence.Count, CallsWithReference),
        new("O6", "a CPU is online behind a step if and only if the step says so, and comes online unless VMX or the "
            + "module refuses", Contract, "cpuhp_setup_state(): an error keeps a CPU offline", Evidence.Result,
            IsWhereItIsSaid),
        new("O2", "a CPU that called the module is flushed before TDX gives its reference to VMX back, and is marked "
            + "coherent then", Safety, "tdx_cpu_flush_cache() in tdx_offline_cpu() and tdx_shutdown_cpu()",
            Evidence.Count, IsFlushedBeforeItLeaves),
        new("O3", "the last CPU of a package does not leave while a guest has a KeyID; every other one may", Safety,
            "tdx_offline_cpu(): TDH.PHYMEM.PAGE.WBINVD runs on every package", Evidence.Result, LastOfPackageStays),
        new("O4", "a CPU that comes online while TDX is up has run TDH.SYS.LP.INIT on this module", Contract,
            "tdx_online_cpu()", Evidence.Count, IsInitialisedWhenOnline),
    ];

    private static bool Shows(CaseFacts facts) =>
        facts.Trace.HasState && facts.Sees(Observes.Events | Observes.Platform);

    private static Verdict HasReferenceWhereOnline(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            var now = facts.Trace.SnapshotAfter(i);
            var last = i == 0 ? default : facts.Trace.Steps[i - 1].Step.Kind;
            var isUp = facts.Succeeded && i > facts.EnableStep && last is not (StepKind.Shutdown or StepKind.Kexec);
            var expected = isUp ? now.OnlineCpus & ~FailedAtResume(facts, i) : 0;
            if (now.VmxUsers != expected)
                return Verdict.BrokenBy(expected, now.VmxUsers).At(i);
        }

        return Verdict.Holds;
    }

    /// <summary>Who sleeps with VMX and wakes up without is nothing that the kernel can mend.</summary>
    private static ulong FailedAtResume(CaseFacts facts, int steps)
    {
        var failed = 0UL;
        for (var i = 0; i < steps; i++)
        {
            ref readonly var step = ref facts.Trace.Steps[i];
            for (var at = step.FirstEvent; step.Step.Kind == StepKind.Suspend && at < step.EndEvent; at++)
            {
                if (facts.Events[at].IsOfCpu(TraceEventKind.VmxGet, 0))
                    failed = facts.Events[at].Cpu.Errno != 0 ? 1UL : 0;
            }
        }

        return failed;
    }

    private static Verdict CallsWithReference(CaseFacts facts)
    {
        if (!Shows(facts) || !HasCpus(facts) || !facts.IsSerial)
            return Verdict.NotObservable;

        var held = 0UL;
        var lost = false;
        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                var bit = e.Kind == TraceEventKind.Seamcall ? Bit(e.Seamcall.Lp)
                    : e.Kind is TraceEventKind.VmxGet or TraceEventKind.VmxPut ? Bit(e.Cpu.Cpu) : 0;
                var isWrong = e.Kind switch
                {
                    TraceEventKind.VmxGet => (held & bit) != 0,
                    TraceEventKind.VmxPut => (held & bit) == 0 && bit != 0 && !(lost && bit == 1),
                    TraceEventKind.Seamcall => (held & bit) == 0 && bit != 0 && !(lost && bit == 1)
                        && e.Seamcall.Leaf != SeamcallLeaf.PhymemPageRdmd && steps[i].Step.Kind != StepKind.Crash,
                    _ => false,
                };
                if (isWrong)
                    return Verdict.BrokenBy(1, e.Kind == TraceEventKind.VmxGet ? 2UL : 0).At(i + 1);

                held |= e.Kind == TraceEventKind.VmxGet && e.Cpu.Errno == 0 ? bit : 0;
                held &= e.Kind == TraceEventKind.VmxPut ? ~bit : ~0UL;
                lost |= e.Kind == TraceEventKind.VmxGet && e.Cpu.Errno != 0 && bit == 1;
            }

            var seen = facts.Trace.SnapshotAfter(i + 1).VmxUsers;
            if (held != seen)
                return Verdict.BrokenBy(ulong.PopCount(held), ulong.PopCount(seen)).At(i + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>CPUs of the kernel are told apart.</summary>
    private static bool HasCpus(CaseFacts facts) => facts.Trace.SnapshotAfter(0).OnlineCpus != 0;

    private static Verdict IsWhereItIsSaid(CaseFacts facts)
    {
        if (!Shows(facts) || !HasCpus(facts) || !facts.IsSerial)
            return Verdict.NotObservable;

        var choices = facts.Scenario.Choices;
        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            var (kind, cpu, result) = (steps[i].Step.Kind, steps[i].Step.Cpu, steps[i].Result);
            var before = facts.Trace.SnapshotAfter(i).OnlineCpus;
            var after = facts.Trace.SnapshotAfter(i + 1).OnlineCpus;
            if (kind is not (StepKind.CpuOnline or StepKind.CpuOffline))
            {
                if (kind != StepKind.Suspend && before != after)
                    return Verdict.BrokenBy(0, 0).At(i + 1);

                continue;
            }

            var isThere = cpu > 0 && cpu < choices.Cpus + choices.OfflineCpus;
            var bit = result == 0 ? Bit(cpu) : 0;
            var expected = kind == StepKind.CpuOnline ? before | bit : before & ~bit;
            var isAsked = kind == StepKind.CpuOnline || (before & Bit(cpu)) != 0;
            if (after != expected || isThere != (result != -Errno.Enoent) || (isThere && !isAsked && result != 0))
                return Verdict.BrokenBy(0, unchecked((ulong)result)).At(i + 1);

            if (kind == StepKind.CpuOnline && isThere && result != 0 && !IsRefused(facts, i))
                return Verdict.BrokenBy(0, unchecked((ulong)result)).At(i + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>By VMX or the module, now or when TDH.SYS.INIT was tried.</summary>
    private static bool IsRefused(CaseFacts facts, int index)
    {
        ref readonly var step = ref facts.Trace.Steps[index];
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            ref readonly var e = ref facts.Events[at];
            if ((e.Kind == TraceEventKind.VmxGet && e.Cpu.Errno != 0)
                || (e.Kind == TraceEventKind.Seamcall && !e.Seamcall.Succeeded))
            {
                return true;
            }
        }

        return facts.Life.LossStep >= 0 && index > facts.Life.LossStep;
    }

    private static Verdict IsFlushedBeforeItLeaves(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                var isSleep = steps[i].Step.Kind == StepKind.Suspend && e.IsOfCpu(TraceEventKind.VmxPut, 0);
                if (e.Kind == TraceEventKind.VmxPut && !isSleep && IsDirty(facts, at))
                    return Verdict.BrokenBy(1, 0).At(i + 1);
            }

            var left = steps[i].Step.Kind == StepKind.CpuOffline && steps[i].Result == 0
                ? Bit(steps[i].Step.Cpu) & facts.Trace.SnapshotAfter(i).OnlineCpus : 0;
            var isUp = facts.Succeeded && i > facts.EnableStep;
            if (isUp && (facts.Trace.SnapshotAfter(i + 1).IncoherentCaches & left) != 0)
                return Verdict.BrokenBy(0, 1).At(i + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>The CPU called the module after its last flush. One that can't come online at all is none that
    /// leaves.</summary>
    private static bool IsDirty(CaseFacts facts, int put)
    {
        var cpu = facts.Events[put].Cpu.Cpu;
        for (var at = put - 1; at >= 0; at--)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind == TraceEventKind.Seamcall && e.Seamcall.Lp == cpu)
            {
                return e.Seamcall.Succeeded
                    || e.Seamcall.Leaf is not (SeamcallLeaf.SysInit or SeamcallLeaf.SysLpInit);
            }

            if (e.IsOfCpu(TraceEventKind.CpuFlush, cpu))
                return false;
        }

        return false;
    }

    private static Verdict LastOfPackageStays(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            var kind = steps[i].Step.Kind;
            if (kind is not (StepKind.CpuOffline or StepKind.Suspend))
                continue;

            var before = facts.Trace.SnapshotAfter(i);
            var leaving = before.OnlineCpus & (kind == StepKind.Suspend ? ~1UL : Bit(steps[i].Step.Cpu));
            if (kind == StepKind.CpuOffline && (steps[i].Step.Cpu == 0 || leaving == 0))
                continue;

            var mustStay = facts.Succeeded && before.KeyIdsInUse > 0
                && EmptiesPackage(before.OnlineCpus, leaving, facts);
            if (mustStay != (steps[i].Result != 0))
            {
                return Verdict.BrokenBy(
                    mustStay ? unchecked((ulong)-Errno.Ebusy) : 0, unchecked((ulong)steps[i].Result)).At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    private static bool EmptiesPackage(ulong online, ulong leaving, CaseFacts facts)
    {
        var size = facts.Scenario.Choices.CpusPerPackage;
        for (var first = 0; first < MaskBits; first += size)
        {
            ulong package = 0;
            for (var cpu = first; cpu < first + size; cpu++)
                package |= Bit(cpu);

            if ((leaving & package) != 0 && (online & ~leaving & package) == 0)
                return true;
        }

        return false;
    }

    private static Verdict IsInitialisedWhenOnline(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind != StepKind.CpuOnline || steps[i].Result != 0 || !facts.Life.IsOn(i))
                continue;

            if (steps[i].Step.Cpu < MaskBits && !RanLpInit(facts, steps[i].EndEvent, steps[i].Step.Cpu))
                return Verdict.BrokenBy(1, 0).At(i + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>On the module that is loaded.</summary>
    private static bool RanLpInit(CaseFacts facts, int end, int cpu)
    {
        for (var at = end - 1; at >= 0; at--)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind != TraceEventKind.Seamcall || !e.Seamcall.Succeeded)
                continue;

            if (e.Seamcall.Leaf == SeamcallLeaf.SysShutdown)
                return false;

            if (e.Seamcall.Leaf == SeamcallLeaf.SysLpInit && e.Seamcall.Lp == cpu)
                return true;
        }

        return false;
    }

    private static ulong Bit(int cpu) => cpu < MaskBits ? 1UL << cpu : 0;
}
