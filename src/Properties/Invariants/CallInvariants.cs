// SPDX-License-Identifier: MIT

using System.Numerics;
using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family S, third part: what must be true when a SEAMCALL is made.</summary>
internal static class CallInvariants
{
    private const int MaxLps = 8192;

    private static readonly ulong[] TdmrLimits =
    [
        MetadataField.MaxTdmrs, MetadataField.MaxReservedPerTdmr, MetadataField.Pamt4KEntrySize,
        MetadataField.Pamt2MEntrySize, MetadataField.Pamt1GEntrySize,
    ];

    public static IEnumerable<Invariant> All =>
    [
        new("S12",
            "TDH.SYS.CONFIG is given an array that is allocated, aligned to 512 bytes and long enough", Safety,
            "config_tdx_module(): TDMR_INFO_PA_ARRAY_ALIGNMENT", Evidence.Address, ArrayIsThere),
        new("S13", "no SEAMCALL is made on a CPU on which TDH.SYS.LP.INIT did not succeed", Safety,
            "tdx_cpu_enable(); TDX_SYS_LP_INIT_NOT_DONE", Evidence.Leaf, RunsOnEnabledCpus),
        new("S14", "no SEAMCALL is made before TDH.SYS.INIT succeeded", Safety, "try_init_module_global()",
            Evidence.Leaf, FollowsSysInit),
        new("S15", "TDH.SYS.CONFIG runs once", Contract, "init_tdx_module()", Evidence.Count, ConfiguresOnce),
        new("S16", "TDH.SYS.TDMR.INIT does not run on a TDMR that is initialised", Contract,
            "init_tdmr(): TDX_TDMR_ALREADY_INITIALIZED", Evidence.Address, StopsAtTheEnd),
        new("S17", "TDH.SYS.INIT is made with sysinit_lock held", Contract, "try_init_module_global()",
            Evidence.None, SysInitIsLocked),
        new("S18", "the limits of TDMRs are read before the TDMR buffer is allocated", Safety,
            "get_tdx_tdmr_sysinfo(), get_tdx_sys_info_tdmr()", Evidence.Address, LimitsAreRead),
        new("S19", "a machine check asks the module about its own page, once", Contract, "paddr_is_tdx_private()",
            Evidence.Count, static v => OnMachineChecks(v, AsksForItsPage)),
        new("U24", "a machine check is TDX's only where the module answers, and while TDX is on exactly where a "
            + "PAMT or a page of a TD is",
            Contract, "tdx_dump_mce_info()", Evidence.Result,
            static v => OnMachineChecks(v, IsRight)),
    ];

    private static Verdict OnMachineChecks(CaseFacts facts, Func<CaseFacts, int, Verdict> rule)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.MachineCheck && rule(facts, i) is { IsBroken: true } verdict)
                return verdict.At(i + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict IsRight(CaseFacts facts, int index)
    {
        ref readonly var step = ref facts.Trace.Steps[index];
        var isAnswered = false;
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            ref readonly var e = ref facts.Events[at];
            isAnswered |= e.Kind == TraceEventKind.Seamcall && step.Owns(e) && e.Seamcall.Succeeded;
        }

        var isOn = facts.Life.IsOn(index);
        var page = PageAt(step.Step.Address);
        var isPrivate = isOn && (facts.Pages.Chunks.Contains(page)
            || (facts.Scenario.Choices.TdPage == page.Start && !facts.Pages.Reserved.Contains(page)));
        return (step.Result != 0 && (!isAnswered || (isOn && !isPrivate)))
            || (step.Result == 0 && isAnswered && isPrivate)
            ? Verdict.BrokenAt(page, isPrivate ? 1UL : 0, (ulong)step.Result)
            : Verdict.Holds;
    }

    private static Verdict ArrayIsThere(CaseFacts facts)
    {
        if (!facts.EnableRan || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var (ordinal, bytes) = (0UL, 0UL);
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (e.IsAt(TraceEventKind.Allocate, AllocationSite.TdmrPaArray))
                (ordinal, bytes) = (e.Allocation.Ordinal, e.Allocation.Amount);
            else if (e.IsAt(TraceEventKind.Free, AllocationSite.TdmrPaArray))
                (ordinal, bytes) = (0, 0);
            else if (e.IsCall(SeamcallLeaf.SysConfig) && !Holds(e, ordinal, bytes))
                return Verdict.BrokenBy(SysConfigOperand.Array, e.Seamcall.Rcx).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>kmalloc() aligns powers of two to their size, and nothing else.</summary>
    private static bool Holds(in TraceEvent call, ulong ordinal, ulong bytes) =>
        ordinal != 0 && call.Seamcall.Rcx == SysConfigOperand.Array && BitOperations.IsPow2(bytes)
        && bytes >= Math.Max(TdmrInfo.Alignment, sizeof(ulong) * call.Seamcall.Rdx);

    private static Verdict RunsOnEnabledCpus(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        Span<ulong> enabled = stackalloc ulong[MaxLps / 64];
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref facts.Events[at];
            var (lp, leaf) = (call.Seamcall.Lp % MaxLps, call.Seamcall.Leaf);
            var bit = 1UL << (lp % 64);
            if (leaf == SeamcallLeaf.SysLpInit)
                enabled[lp / 64] |= call.Seamcall.Succeeded ? bit : 0;
            else if (!IsOfAnyCpu(leaf) && (enabled[lp / 64] & bit) == 0)
            {
                return Verdict.BrokenBy(SeamcallLeaf.SysLpInit, leaf);
            }
        }

        return Verdict.Holds;
    }

    /// <summary>Leaves that need no TDH.SYS.LP.INIT, or ask whether there is a module at all.</summary>
    private static bool IsOfAnyCpu(ulong leaf) => SeamcallLeaf.IsOfSeamldr(leaf)
        || leaf is SeamcallLeaf.SysInit or SeamcallLeaf.PhymemPageRdmd or SeamcallLeaf.SysDisable;

    private static Verdict FollowsSysInit(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref facts.Events[at];
            if (call.IsCall(SeamcallLeaf.SysInit) && call.Seamcall.Succeeded)
                break;

            if (!IsOfAnyCpu(call.Seamcall.Leaf))
                return Verdict.BrokenBy(SeamcallLeaf.SysInit, call.Seamcall.Leaf);
        }

        return Verdict.Holds;
    }

    private static Verdict ConfiguresOnce(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        ulong calls = 0;
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref facts.Events[at];
            calls += call.IsCall(SeamcallLeaf.SysConfig) && !TdxStatus.IsTransient(call.Seamcall.Status) ? 1UL : 0;
        }

        return calls <= 1 ? Verdict.Holds : Verdict.BrokenBy(1, calls);
    }

    private static Verdict StopsAtTheEnd(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs | Observes.Events))
            return Verdict.NotObservable;

        // Calls come TDMR by TDMR: a call behind one that reached the end is of another TDMR.
        var (start, isDone) = (ulong.MaxValue, false);
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref facts.Events[at];
            if (!call.IsCall(SeamcallLeaf.SysTdmrInit))
                continue;

            if (isDone && call.Seamcall.Rcx == start)
                return Verdict.BrokenBy(start, call.Seamcall.Rcx).At(facts.EnableStep + 1);

            start = call.Seamcall.Rcx;
            isDone = call.Seamcall.Succeeded && call.Seamcall.RdxOut >= EndOf(facts, start);
        }

        return Verdict.Holds;
    }

    private static ulong EndOf(CaseFacts facts, ulong start)
    {
        foreach (ref readonly var tdmr in facts.Tdmrs)
        {
            if (tdmr.Base == start)
                return tdmr.Range.End;
        }

        return ulong.MaxValue;
    }

    private static Verdict SysInitIsLocked(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        Span<bool> isLocked = stackalloc bool[Trace.MaxTasks];
        foreach (ref readonly var e in facts.Events)
        {
            if (e.Kind is TraceEventKind.Lock or TraceEventKind.Unlock && e.Lock == HostLock.Sysinit)
                isLocked[e.Task] = e.Kind == TraceEventKind.Lock;
            else if (e.IsCall(SeamcallLeaf.SysInit) && !isLocked[e.Task])
                return Verdict.BrokenBy(1, 0);
        }

        return Verdict.Holds;
    }

    private static Verdict LimitsAreRead(CaseFacts facts)
    {
        if (!facts.EnableRan || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var read = 0U;
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (e.IsCall(SeamcallLeaf.SysRd) && e.Seamcall.Succeeded
                && Array.IndexOf(TdmrLimits, e.Seamcall.Rdx) is var field and >= 0)
            {
                read |= 1U << field;
            }
            else if (e.IsAt(TraceEventKind.Allocate, AllocationSite.TdmrBuffer)
                && read != (1U << TdmrLimits.Length) - 1)
            {
                var missing = TdmrLimits[BitOperations.TrailingZeroCount(~read)];
                return Verdict.BrokenBy(missing, 0).At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict AsksForItsPage(CaseFacts facts, int index)
    {
        ref readonly var step = ref facts.Trace.Steps[index];
        var (asked, page) = (0UL, Pages.AlignDown(step.Step.Address, Sizes.Page4K));
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind != TraceEventKind.Seamcall || !step.Owns(e))
                continue;

            if (!e.IsCall(SeamcallLeaf.PhymemPageRdmd) || e.Seamcall.Rcx != page)
                return Verdict.BrokenAt(PageAt(e.Seamcall.Rcx), 0, 1);

            asked++;
        }

        var expected = facts.Trace.SnapshotAfter(index).HasTdxHostCapability ? 1UL : 0;
        return asked == expected ? Verdict.Holds : Verdict.BrokenAt(PageAt(page), expected, asked);
    }

    private static AddressRange PageAt(ulong address) =>
        AddressRange.OfSize(Pages.AlignDown(address, Sizes.Page4K), Sizes.Page4K);
}
