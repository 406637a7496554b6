// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family V: the module is replaced by another version while guests live (7.2).</summary>
internal static class UpdateInvariants
{
    private delegate Verdict UpdateRule(CaseFacts facts, int index, in StepRecord step);

    public static IEnumerable<Invariant> All =>
    [
        new("V1", "an update changes neither tdx_memlist nor TDMRs, allocates and frees no PAMT, flushes nothing, and "
            + "takes a page for SEAMLDR_PARAMS alone, as long as P-SEAMLDR reads it", Safety,
            "seamldr.c: the new module takes over what the old one has", Evidence.Count,
            static f => OnUpdates(f, ChangesNothing)),
        new("V2", "an update is TDH.SYS.SHUTDOWN, SEAMLDR.INSTALL on every CPU, TDH.SYS.INIT once, TDH.SYS.LP.INIT on "
            + "every CPU and TDH.SYS.UPDATE, each behind the whole of what precedes it, without another call in "
            + "between and with the CPU hotplug lock held; then the version is read again", Safety,
            "enum module_update_state; TDH.SYS.UPDATE wants every LP initialised", Evidence.Leaf,
            static f => OnUpdates(f, IsInOrder)),
        new("V3", "an update that can't succeed is refused before TDH.SYS.SHUTDOWN", Contract,
            "patches v2 to v4: \"Cannot update the TDX Module if any CPU is offline\"", Evidence.Result,
            static f => OnUpdates(f, IsRefusedInTime)),
        new("V4", "an update that fails before TDH.SYS.SHUTDOWN succeeds leaves TDX as it was; one that succeeds "
            + "leaves it initialised", Contract, "tdx_module_shutdown(), tdx_module_run_update()", Evidence.Count,
            static f => OnUpdates(f, KeepsStatus)),
        new("V5", "behind an update that lost the module nobody is told of it, and the list still keeps other memory "
            + "out", Safety, "tdx_get_sysinfo(): tdx_module_state.initialized", Evidence.Count, IsToldLost),
        new("V6", "behind an update that lost the module CPUs can still come online", Contract,
            "tdx_online_cpu(): TDX must not cost CPUs", Evidence.Result, CpusStillComeOnline),
        new("V7", "a status that means \"again\" does not cost the module", Contract,
            "TDX module: TDX_SYS_BUSY, TDX_RND_NO_ENTROPY; P-SEAMLDR: ENOENTROPY", Evidence.Status,
            static f => OnUpdates(f, RetryableCostsNothing)),
        new("V8", "P-SEAMLDR is called under seamldr_lock, and nothing else is done there or under update_ctrl.lock",
            Safety, "seamldr_call(): one CPU at a time", Evidence.Leaf, SeamldrIsLocked),
        new("V10", "an update that nothing stands in the way of succeeds", Contract, "seamldr_install_module()",
            Evidence.Result, static f => OnUpdates(f, SucceedsWherePossible)),
        new("V9", "a file that is no module is refused with -EINVAL before anything is called", Contract,
            "init_seamldr_params()", Evidence.Result, static f => OnUpdates(f, IsNoModule)),
    ];

    private static Verdict OnUpdates(CaseFacts facts, UpdateRule rule)
    {
        if (!facts.Trace.HasState || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; facts.Life.Any && i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.ModuleUpdate && rule(facts, i, steps[i]) is { IsBroken: true } verdict)
                return verdict.At(i + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict ChangesNothing(CaseFacts facts, int index, in StepRecord step)
    {
        var (before, after) = (facts.Trace.SnapshotAfter(index), facts.Trace.SnapshotAfter(index + 1));
        if (!before.Memlist.SequenceEqual(after.Memlist) || !before.Tdmrs.Tdmrs.SequenceEqual(after.Tdmrs.Tdmrs))
            return Verdict.BrokenBy(0, 1);

        var live = 0UL;
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            ref readonly var e = ref facts.Events[at];
            switch (e.Kind)
            {
                case TraceEventKind.Flush or TraceEventKind.CpuFlush or TraceEventKind.Reset:
                case TraceEventKind.Allocate or TraceEventKind.Free when e.Allocation.Site != AllocationSite.Other:
                    return Verdict.BrokenBy(0, 1);
                case TraceEventKind.Allocate when live != 0 || e.Allocation.Amount < Sizes.Page4K:
                case TraceEventKind.Free when live != e.Allocation.Ordinal:
                case TraceEventKind.Seamcall when live == 0 && e.IsCall(SeamcallLeaf.SeamldrInstall):
                    return Verdict.BrokenBy(0, 1);
                case TraceEventKind.Allocate:
                    live = e.Allocation.Ordinal;
                    break;
                case TraceEventKind.Free:
                    live = 0;
                    break;
            }
        }

        return live == 0 ? Verdict.Holds : Verdict.BrokenBy(0, 1);
    }

    private static Verdict IsInOrder(CaseFacts facts, int index, in StepRecord step)
    {
        var cpus = ulong.PopCount(facts.Trace.SnapshotAfter(index).OnlineCpus);
        ulong installs = 0, inits = 0;
        var (isShutDown, isInitialised, isUpdated, isLocked, isRead) = (false, false, false, false, false);
        var failure = facts.Life.FirstFailure(step.FirstEvent, step.EndEvent);
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind is TraceEventKind.Lock or TraceEventKind.Unlock && e.Lock == HostLock.CpusRead)
                isLocked = e.Kind == TraceEventKind.Lock;

            if (e.Kind != TraceEventKind.Seamcall)
                continue;

            var leaf = e.Seamcall.Leaf;
            var isLegal = leaf switch
            {
                SeamcallLeaf.SeamldrInfo => !isShutDown && !isLocked,
                SeamcallLeaf.SysRd => isLocked && (!isShutDown || isUpdated),
                SeamcallLeaf.SysShutdown => isLocked && !isShutDown && (failure < 0 || at <= failure),
                SeamcallLeaf.SeamldrInstall => isLocked && isShutDown && installs < cpus && inits == 0
                    && e.Seamcall.Rcx == SeamldrParams.Address && IsFirst(facts, step, at),
                SeamcallLeaf.SysInit => isLocked && installs == cpus && !isInitialised,
                SeamcallLeaf.SysLpInit => isLocked && isInitialised && inits < cpus,
                SeamcallLeaf.SysUpdate =>
                    isLocked && inits == cpus && !isUpdated && (failure < 0 || at <= failure),
                _ => false,
            };
            if (!isLegal)
                return Verdict.BrokenBy(0, leaf);

            var succeeded = e.Seamcall.Succeeded;
            isShutDown |= succeeded && leaf == SeamcallLeaf.SysShutdown;
            installs += succeeded && leaf == SeamcallLeaf.SeamldrInstall ? 1UL : 0;
            isInitialised |= succeeded && leaf == SeamcallLeaf.SysInit;
            inits += succeeded && leaf == SeamcallLeaf.SysLpInit ? 1UL : 0;
            isRead |= isUpdated && leaf == SeamcallLeaf.SysRd;
            isUpdated |= succeeded && leaf == SeamcallLeaf.SysUpdate;
        }

        return step.Result != 0 || (isUpdated && isRead)
            ? Verdict.Holds
            : Verdict.BrokenBy(isUpdated ? SeamcallLeaf.SysRd : SeamcallLeaf.SysUpdate, 0);
    }

    /// <summary>The CPU has not asked P-SEAMLDR in this step, or was told to ask again.</summary>
    private static bool IsFirst(CaseFacts facts, in StepRecord step, int call)
    {
        for (var at = step.FirstEvent; at < call; at++)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.IsCall(SeamcallLeaf.SeamldrInstall) && e.Seamcall.Lp == facts.Events[call].Seamcall.Lp
                && e.Seamcall.Succeeded)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>What the module or P-SEAMLDR refuses without anybody's doing could have been known.</summary>
    private static Verdict IsRefusedInTime(CaseFacts facts, int index, in StepRecord step)
    {
        if (!IsFailedBehindShutdown(facts, step, out var failure))
            return Verdict.Holds;

        return failure >= 0 && IsScripted(facts, facts.Events[failure])
            ? Verdict.Holds
            : Verdict.BrokenBy(unchecked((ulong)-Errno.Ebusy), unchecked((ulong)step.Result));
    }

    /// <summary>The update has failed and the module is gone; the call that was refused behind it, or -1.</summary>
    private static bool IsFailedBehindShutdown(CaseFacts facts, in StepRecord step, out int failure)
    {
        var shutdown = facts.Life.Find(step, SeamcallLeaf.SysShutdown, succeeded: true);
        failure = shutdown < 0 ? -1 : facts.Life.FirstFailure(shutdown + 1, step.EndEvent);
        return step.Result != 0 && shutdown >= 0;
    }

    private static bool IsScripted(CaseFacts facts, in TraceEvent call)
    {
        foreach (var fault in facts.Scenario.Faults.Seamcalls)
        {
            if (fault.Leaf == call.Seamcall.Leaf && fault.Status == call.Seamcall.Status)
                return true;
        }

        return false;
    }

    private static Verdict KeepsStatus(CaseFacts facts, int index, in StepRecord step)
    {
        var (before, after) = (facts.Trace.SnapshotAfter(index), facts.Trace.SnapshotAfter(index + 1));
        var isLost = step.Result != 0 && facts.Life.Find(step, SeamcallLeaf.SysShutdown, succeeded: true) >= 0;
        var expected = !isLost && (step.Result == 0 || before.IsInitialized);
        return after.IsInitialized == expected && (step.Result == 0 || isLost
            || after.SysinfoDigest == before.SysinfoDigest)
            ? Verdict.Holds
            : Verdict.BrokenBy(expected ? 1UL : 0, after.IsInitialized ? 1UL : 0);
    }

    private static Verdict IsToldLost(CaseFacts facts)
    {
        if (!facts.Trace.HasState || facts.Life.LossStep < 0)
            return Verdict.NotObservable;

        for (var i = facts.Life.LossStep + 1; i <= facts.Trace.Steps.Length; i++)
        {
            var now = facts.Trace.SnapshotAfter(i);
            var isBack = i > facts.Life.LossStep + 1 && facts.Trace.Steps[i - 1].Step.Kind == StepKind.ModuleUpdate
                && facts.Trace.Steps[i - 1].Result == 0;
            if (isBack)
                return Verdict.Holds;

            if (now.IsInitialized || now.SysinfoDigest != 0 || now.Memlist.IsEmpty)
                return Verdict.BrokenBy(0, 1).At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict CpusStillComeOnline(CaseFacts facts)
    {
        var steps = facts.Trace.Steps;
        if (facts.Life.LossStep < 0 || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        for (var i = facts.Life.LossStep + 1; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.CpuOnline && steps[i].Result is not (0 or -Errno.Enoent)
                && !HasFailedVmxon(facts, steps[i]))
            {
                return Verdict.BrokenBy(0, unchecked((ulong)steps[i].Result)).At(i + 1);
            }

            var (before, after) = (facts.Trace.SnapshotAfter(i), facts.Trace.SnapshotAfter(i + 1));
            if (steps[i].Step.Kind == StepKind.Suspend && before.OnlineCpus != after.OnlineCpus
                && !HasFailedVmxon(facts, steps[i]))
            {
                return Verdict.BrokenBy(0, unchecked((ulong)-Errno.Eio)).At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    private static bool HasFailedVmxon(CaseFacts facts, in StepRecord step)
    {
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            if (facts.Events[at].Kind == TraceEventKind.VmxGet && facts.Events[at].Cpu.Errno != 0)
                return true;
        }

        return false;
    }

    private static Verdict RetryableCostsNothing(CaseFacts facts, int index, in StepRecord step)
    {
        if (!IsFailedBehindShutdown(facts, step, out var failure))
            return Verdict.Holds;

        return failure >= 0 && TdxStatus.IsTransient(facts.Events[failure].Seamcall.Status)
            && !IsRepetition(facts, step, failure)
            ? Verdict.BrokenBy(TdxStatus.Success, facts.Events[failure].Seamcall.Status)
            : Verdict.Holds;
    }

    /// <summary>How often a status is met before a kernel gives up is its choice; TDX_RND_NO_ENTROPY is a known
    /// issue.</summary>
    private static bool IsRepetition(CaseFacts facts, in StepRecord step, int call)
    {
        var status = facts.Events[call].Seamcall.Status;
        for (var at = call - 1; at >= step.FirstEvent && status != TdxStatus.RndNoEntropy; at--)
        {
            if (facts.Events[at].Kind == TraceEventKind.Seamcall && EventFacts.IsRepeatedBy(
                facts.Events[at], facts.Events[call]) && facts.Events[at].Seamcall.Status == status)
            {
                return true;
            }
        }

        return false;
    }

    private static Verdict SeamldrIsLocked(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        HostLock? held = null;
        for (var at = 0; facts.Life.Any && at < facts.Events.Length; at++)
        {
            ref readonly var e = ref facts.Events[at];
            var isOwn = e.Kind is TraceEventKind.Lock or TraceEventKind.Unlock
                && e.Lock is HostLock.Seamldr or HostLock.UpdateControl;
            var isCall = e.Kind == TraceEventKind.Seamcall && SeamcallLeaf.IsOfSeamldr(e.Seamcall.Leaf);
            var isLegal = isOwn ? held == (e.Kind == TraceEventKind.Lock ? null : e.Lock)
                : isCall ? held == HostLock.Seamldr : held is null || e.Kind == TraceEventKind.Log;
            if (!isLegal)
                return Verdict.BrokenBy(0, isCall ? e.Seamcall.Leaf : 0);

            if (isOwn)
                held = e.Kind == TraceEventKind.Lock ? e.Lock : null;
        }

        return Verdict.Holds;
    }

    private static Verdict SucceedsWherePossible(CaseFacts facts, int index, in StepRecord step)
    {
        const int MaskBits = 64;
        var choices = facts.Scenario.Choices;
        var before = facts.Trace.SnapshotAfter(index);
        var isPossible = facts.Life.IsOn(index) && before.VmxUsers == before.OnlineCpus
            && step.Step.IsSoundImage && step.Result is not (-Errno.Enoent or -Errno.Enomem)
            && choices.Cpus + choices.OfflineCpus < MaskBits
            && (int)ulong.PopCount(before.OnlineCpus) == choices.Cpus + choices.OfflineCpus
            && !HasScripted(facts, step);
        return isPossible && step.Result != 0
            ? Verdict.BrokenBy(0, unchecked((ulong)step.Result))
            : Verdict.Holds;
    }

    private static bool HasScripted(CaseFacts facts, in StepRecord step)
    {
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            if (facts.Events[at].Kind == TraceEventKind.Seamcall && IsScripted(facts, facts.Events[at]))
                return true;
        }

        return false;
    }

    private static Verdict IsNoModule(CaseFacts facts, int index, in StepRecord step)
    {
        if (step.Step.IsSoundImage || step.Result is -Errno.Enoent or -Errno.Enomem)
            return Verdict.Holds;

        var info = facts.Life.Find(step, SeamcallLeaf.SeamldrInfo, succeeded: true);
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            if (facts.Events[at].Kind == TraceEventKind.Seamcall && !facts.Events[at].IsCall(SeamcallLeaf.SeamldrInfo))
                return Verdict.BrokenBy(unchecked((ulong)-Errno.Einval), unchecked((ulong)step.Result));
        }

        return info < 0 || step.Result == -Errno.Einval
            ? Verdict.Holds
            : Verdict.BrokenBy(unchecked((ulong)-Errno.Einval), unchecked((ulong)step.Result));
    }
}
