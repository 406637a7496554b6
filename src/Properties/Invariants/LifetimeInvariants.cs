// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family U, second part: what lives while something else needs it, and under which lock.</summary>
internal static class LifetimeInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("U16", "what is freed was allocated at the same site and is still allocated", Safety,
            "kfree(), free_pages_exact(), free_contig_range()", Evidence.Count, FreesWhatLives),
        new("U17",
            "from the first entry of tdx_memlist to the end of initialisation, mem_hotplug_lock is held", Safety,
            "init_tdx_module(): get_online_mems()", Evidence.None, IsLockedThroughout),
        new("U18", "the TDMR buffer is allocated as long as a PAMT is", Safety,
            "tdmr_get_pamt() reads the buffer to free a PAMT", Evidence.None, BufferOutlivesPamts),
        new("U19", "the package mask is allocated while packages get their keys", Safety, "config_global_keyid()",
            Evidence.None, MaskLivesWhileKeysAreConfigured),
        new("U20", "only the first tdx_enable() and an update change whether TDX is initialised", Safety,
            "tdx_module_status", Evidence.Count, StatusChangesOnce),
        new("U22", "only tdx_enable() allocates, frees, flushes and converts pages, and calls the module for more "
            + "than a machine check, a CPU, an update or the end of the kernel", Safety, "init_tdx_module()",
            Evidence.Count, OnlyEnableActs),
        new("U23", "the TDMR buffer has room for as many TDMRs as the module takes", Safety, "alloc_tdmr_list()",
            Evidence.Address, BufferIsLargeEnough),
        new("U21", "the line that reports the end of initialisation is its last", Contract,
            "__tdx_enable(): pr_info(), pr_err()", Evidence.None, IsToldLast),
    ];

    private static bool Shows(CaseFacts facts) => facts.EnableRan && facts.Sees(Observes.Events);

    private static bool IsAllocated(in TraceEvent e) =>
        e.Kind == TraceEventKind.Allocate && !e.Allocation.IsNull;

    private static Verdict FreesWhatLives(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        return facts.EventFacts.StrayFree is var stray and >= 0
            ? Verdict.BrokenBy(1, facts.Events[stray].Allocation.Ordinal)
            : Verdict.Holds;
    }

    private static Verdict IsLockedThroughout(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var (held, isUsed, wasReleased) = (0, false, false);
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (!facts.IsOfEnable(e))
                continue;

            if (e.Kind is TraceEventKind.Lock or TraceEventKind.Unlock && e.Lock == HostLock.MemHotplugRead)
            {
                held += e.Kind == TraceEventKind.Lock ? 1 : -1;
                wasReleased |= isUsed && held == 0;
            }
            else if (NeedsLock(e))
            {
                // Who takes it again has missed what came in between.
                if (held == 0 || wasReleased)
                    return Verdict.BrokenBy(1, 0).At(facts.EnableStep + 1);

                isUsed = true;
            }
        }

        return Verdict.Holds;
    }

    /// <summary>What is made of tdx_memlist, and what gives it up again.</summary>
    private static bool NeedsLock(in TraceEvent e) => e.Kind switch
    {
        TraceEventKind.Allocate or TraceEventKind.Free => e.Allocation.Site != AllocationSite.Other,
        TraceEventKind.Flush or TraceEventKind.Reset => true,
        TraceEventKind.Seamcall =>
            e.Seamcall.Leaf is SeamcallLeaf.SysConfig or SeamcallLeaf.SysKeyConfig or SeamcallLeaf.SysTdmrInit,
        _ => false,
    };

    private static Verdict BufferOutlivesPamts(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var hasBuffer = false;
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (e.IsAt(TraceEventKind.Allocate, AllocationSite.TdmrBuffer))
                hasBuffer = IsAllocated(e);
            else if (e.IsAt(TraceEventKind.Free, AllocationSite.TdmrBuffer))
                hasBuffer = false;
            else if (!hasBuffer && (e.IsAt(TraceEventKind.Allocate, AllocationSite.Pamt)
                || e.IsAt(TraceEventKind.Free, AllocationSite.Pamt) || e.Kind == TraceEventKind.Reset))
            {
                return Verdict.BrokenBy(1, 0).At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict MaskLivesWhileKeysAreConfigured(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var hasMask = false;
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (e.IsAt(TraceEventKind.Allocate, AllocationSite.PackageMask))
                hasMask = IsAllocated(e);
            else if (e.IsAt(TraceEventKind.Free, AllocationSite.PackageMask))
                hasMask = false;
            else if (!hasMask && e.IsCall(SeamcallLeaf.SysKeyConfig))
                return Verdict.BrokenBy(1, 0).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict StatusChangesOnce(CaseFacts facts)
    {
        var steps = facts.Trace.Steps;
        for (var i = 0; facts.Trace.HasState && i <= steps.Length; i++)
        {
            var expected = facts.Succeeded && i > facts.EnableStep;

            // What an update loses and brings back V4 and V5 know.
            if (facts.Life.LossStep >= 0 && i > facts.Life.LossStep)
                return Verdict.Holds;

            if (facts.Trace.SnapshotAfter(i).IsInitialized != expected)
                return Verdict.BrokenBy(expected ? 1UL : 0, expected ? 0UL : 1).At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict OnlyEnableActs(CaseFacts facts)
    {
        if (!facts.Trace.HasState || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        for (var i = 0; i < facts.Trace.BootEvents; i++)
        {
            if (Acts(facts.Events[i]))
                return Verdict.BrokenBy(0, 1).At(0);
        }

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (i == facts.EnableStep)
                continue;

            // A CPU that can't be enabled ends the attempt in front of tdx_enable().
            var kind = steps[i].Step.Kind;
            var mayAllocate = kind == StepKind.ModuleUpdate;
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                if (Acts(e) && steps[i].Owns(e)
                    && !(e.Kind == TraceEventKind.Seamcall && MayCall(kind, e.Seamcall.Leaf))
                    && !(mayAllocate && e.Kind is TraceEventKind.Allocate or TraceEventKind.Free))
                {
                    return Verdict.BrokenBy(0, 1).At(i + 1);
                }
            }
        }

        return Verdict.Holds;
    }

    private static bool MayCall(StepKind kind, ulong leaf) => kind switch
    {
        StepKind.EnableTdx or StepKind.ModuleUpdate => true,
        StepKind.CpuOnline or StepKind.Suspend => leaf is SeamcallLeaf.SysInit or SeamcallLeaf.SysLpInit,
        StepKind.Shutdown or StepKind.Kexec or StepKind.Crash => leaf == SeamcallLeaf.SysDisable,
        _ => false,
    };

    private static bool Acts(in TraceEvent e) => e.Kind switch
    {
        TraceEventKind.Allocate or TraceEventKind.Free or TraceEventKind.Flush or TraceEventKind.Reset => true,
        TraceEventKind.Seamcall => e.Seamcall.Leaf != SeamcallLeaf.PhymemPageRdmd,
        _ => false,
    };

    private static Verdict BufferIsLargeEnough(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var limits = facts.Scenario.Machine.Limits;
        var tdmr = Pages.AlignUp(
            TdmrInfo.ReservedOffset + (2 * sizeof(ulong) * (ulong)limits.MaxReservedPerTdmr), TdmrInfo.Alignment);
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (e.IsAt(TraceEventKind.Allocate, AllocationSite.TdmrBuffer)
                && e.Allocation.Amount < tdmr * limits.MaxTdmrs)
            {
                return Verdict.BrokenBy(tdmr * limits.MaxTdmrs, e.Allocation.Amount).At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict IsToldLast(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var isTold = false;
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            isTold |= e.IsLog(KernelLine.ModuleFailed) || e.IsLog(KernelLine.ModuleInitialized);
            if (isTold && facts.IsOfEnable(e) && e.Kind is TraceEventKind.Seamcall or TraceEventKind.Allocate
                or TraceEventKind.Free or TraceEventKind.Reset)
            {
                return Verdict.BrokenBy(0, 1).At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }
}
