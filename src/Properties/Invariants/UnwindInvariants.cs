// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family U: the way out of every failure, and second calls.</summary>
internal static class UnwindInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("U1", "nothing that was allocated is left after a failure", Safety, "init_tdx_module(): the error labels",
            Evidence.Count, NothingLeaks),
        new("U2", "nothing is freed twice", Safety, "init_tdx_module(): the error labels", Evidence.Count,
            static v => NeverHappens(v, TraceEventKind.BadFree)),
        new("U3", "nothing freed is read, not even by a later machine check", Safety, "is_pamt_page()", Evidence.Count,
            static v =>
                v.Sees(Observes.Touches) ? NeverHappens(v, TraceEventKind.ReadAfterFree) : Verdict.NotObservable),
        new("U4", "a failed allocation is -ENOMEM, and -ENOMEM is a failed allocation", Contract, "init_tdx_module()",
            Evidence.Result, NoMemoryIsTold),
        new("U5", "PAMTs that the module may have written to are flushed out of the caches before they are converted "
            + "or given back",
            Safety, "init_tdx_module(): err_reset_pamts", Evidence.Count, FlushesBeforeFree),
        new("U6", "they are converted back before they are given back, every byte of them", Safety,
            "tdmrs_reset_pamt_all()", Evidence.Address, ResetsBeforeFree),
        new("U7", "pages are only converted back while the host owns them", Safety, "tdmrs_reset_pamt_all()",
            Evidence.None,
            ResetsOnlyOwnPages),
        new("U8", "pages are given back as they were allocated", Safety, "free_contig_range()", Evidence.Address,
            FreesWhatItAllocated),
        new("U9", "a second tdx_enable() makes no SEAMCALL and allocates nothing", Contract,
            "tdx_enable(): switch on tdx_module_status", Evidence.Count, SecondCallDoesNothing),
        new("U10", "a second tdx_enable() is 0 after success and -EINVAL after a failure", AsMerged, "tdx_enable()",
            Evidence.Result, SecondCallTellsFirst) { About = MergedChoices.Errnos },
        new("U11", "a failure is reported by exactly one log line, with the errno that is returned", AsMerged,
            "init_tdx_module(): pr_err()", Evidence.Result, FailureIsToldOnce) { About = MergedChoices.LogLines },
        new("U12", "success is reported by exactly one log line", AsMerged, "init_tdx_module(): pr_info()",
            Evidence.Count,
            SuccessIsToldOnce) { About = MergedChoices.LogLines },
        new("U13", "TDX is initialised if and only if tdx_enable() returned 0", Safety, "tdx_module_status",
            Evidence.Count, StatusTellsResult),
        new("U14", "locks are released in reverse order, and all of them", Safety,
            "tdx_module_lock, mem_hotplug_lock", Evidence.Count, LocksAreBalanced),
        new("U15", "after success the memlist, the TDMR buffer and the PAMTs stay allocated, nothing else", Safety,
            "init_tdx_module()", Evidence.Count, SuccessKeepsWhatItNeeds),
    ];

    private static readonly AllocationSite[] Sites = Enum.GetValues<AllocationSite>();

    private static bool Shows(CaseFacts facts) => facts.EnableRan && facts.Sees(Observes.Events);
    private static ulong Live(CaseFacts facts, AllocationSite site) => unchecked((ulong)facts.EventFacts.Live(site));

    private static Verdict NothingLeaks(CaseFacts facts)
    {
        if (!Shows(facts) || facts.Result == 0)
            return Verdict.NotObservable;

        foreach (var site in Sites)
        {
            if (Live(facts, site) is var live and not 0)
                return Verdict.BrokenBy(0, live).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict SuccessKeepsWhatItNeeds(CaseFacts facts)
    {
        if (!Shows(facts) || facts.Result != 0 || !facts.Sees(Observes.Tdmrs | Observes.Memlist))
            return Verdict.NotObservable;

        foreach (var site in Sites)
        {
            var expected = site switch
            {
                AllocationSite.MemlistEntry => (ulong)facts.After.Memlist.Length,
                AllocationSite.Pamt => (ulong)facts.After.Tdmrs.Tdmrs.Length,
                AllocationSite.TdmrBuffer => 1UL,
                _ => 0UL,
            };
            if (site != AllocationSite.Other && Live(facts, site) is var live && live != expected)
                return Verdict.BrokenBy(expected, live).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict NeverHappens(CaseFacts facts, TraceEventKind kind)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        var count = kind == TraceEventKind.BadFree ? facts.Trace.BadFrees : facts.Trace.ReadsAfterFree;
        for (var i = 0; i < steps.Length && count > 0; i++)
        {
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                if (facts.Events[at].Kind == kind && steps[i].Owns(facts.Events[at]))
                    return Verdict.BrokenAt(PageOf(steps[i].Step), 0, (ulong)count).At(i + 1);
            }
        }

        return count == 0 ? Verdict.Holds : Verdict.BrokenBy(0, (ulong)count);
    }

    /// <summary>The page that a machine check names; nothing for other steps.</summary>
    private static AddressRange PageOf(in Step step) => step.Kind == StepKind.MachineCheck
        ? AddressRange.OfSize(Pages.AlignDown(step.Address, Sizes.Page4K), Sizes.Page4K)
        : default;

    private static Verdict NoMemoryIsTold(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        // Who can do without what it allocates besides may go on.
        var failed = facts.EventFacts.HasNull;
        if (failed && facts.EventFacts.HasNullAt(AllocationSite.Other)
            && !LacksWhatItNeeds(facts.EventFacts))
        {
            return Verdict.Holds;
        }

        return failed == (facts.Result == -Errno.Enomem)
            ? Verdict.Holds
            : Verdict.BrokenBy(failed ? unchecked((ulong)-Errno.Enomem) : 0, unchecked((ulong)facts.Result))
                .At(facts.EnableStep + 1);
    }

    private static bool LacksWhatItNeeds(EventFacts events)
    {
        foreach (var site in Sites)
        {
            if (site != AllocationSite.Other && events.HasNullAt(site))
                return true;
        }

        return false;
    }

    /// <summary>Initialisation failed behind a TDH.SYS.CONFIG that was accepted.</summary>
    private static bool FailedLate(CaseFacts facts) => Shows(facts) && facts.Result != 0 && facts.IsConfigured;

    private static Verdict FlushesBeforeFree(CaseFacts facts)
    {
        if (!FailedLate(facts))
            return Verdict.NotObservable;

        var flushed = false;
        for (var i = facts.ConfigEvent; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (!facts.IsOfEnable(e))
                continue;

            flushed = e.Kind == TraceEventKind.Flush || (flushed && e.Kind != TraceEventKind.Seamcall);
            if ((e.IsAt(TraceEventKind.Free, AllocationSite.Pamt) || e.Kind == TraceEventKind.Reset) && !flushed)
                return Verdict.BrokenBy(1, 0).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict ResetsBeforeFree(CaseFacts facts)
    {
        if (!FailedLate(facts) || !facts.Scenario.Choices.PartialWriteErratum)
            return Verdict.NotObservable;

        foreach (var i in facts.EventFacts.PamtFrees)
        {
            ref readonly var freed = ref facts.Events[i];
            if (!IsResetBefore(facts, i, freed.Allocation.Range))
                return Verdict.BrokenAt(freed.Allocation.Range).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static bool IsResetBefore(CaseFacts facts, int end, AddressRange chunk)
    {
        foreach (var i in facts.EventFacts.Resets)
        {
            ref readonly var e = ref facts.Events[i];
            if (i < end && e.Reset.Contains(chunk))
                return true;
        }

        return false;
    }

    private static Verdict ResetsOnlyOwnPages(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        foreach (var i in facts.EventFacts.Resets)
        {
            ref readonly var reset = ref facts.Events[i];
            if (!IsOurs(facts, i, reset.Reset))
                return Verdict.BrokenAt(reset.Reset).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static bool IsOurs(CaseFacts facts, int end, AddressRange range)
    {
        var isOurs = false;
        foreach (var i in facts.EventFacts.PamtMoves)
        {
            ref readonly var e = ref facts.Events[i];
            if (i < end)
            {
                var chunk = e.Allocation.Range;
                isOurs = chunk.Contains(range) ? e.Kind == TraceEventKind.Allocate && !e.Allocation.IsNull : isOurs;
            }
        }

        return isOurs;
    }

    private static Verdict FreesWhatItAllocated(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var from = 0;
        foreach (var at in facts.EventFacts.PamtFrees)
        {
            ref readonly var freed = ref facts.Events[at];
            if (DifferentAllocation(facts, freed, ref from) is var made and >= 0)
            {
                return Verdict.BrokenAt(
                    freed.Allocation.Range, facts.Events[made].Allocation.Amount, freed.Allocation.Amount)
                        .At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }

    /// <summary>
    /// The allocation of what is freed, when it was other pages; -1: it was these. The trace numbers allocations, so
    /// that there is one of a number, and frees come in the same order: the search goes on behind the one found last.
    /// </summary>
    private static int DifferentAllocation(CaseFacts facts, in TraceEvent freed, ref int from)
    {
        var moves = facts.EventFacts.PamtMoves;
        var events = facts.Events;
        for (var turn = 0; turn < moves.Length; turn++)
        {
            from = from < moves.Length ? from : 0;
            ref readonly var made = ref events[moves[from++]];
            if (made.Kind == TraceEventKind.Allocate && made.Allocation.Ordinal == freed.Allocation.Ordinal)
            {
                return made.Allocation.Pfn == freed.Allocation.Pfn
                    && made.Allocation.Amount == freed.Allocation.Amount ? -1 : moves[from - 1];
            }
        }

        return -1;
    }

    private static Verdict SecondCallDoesNothing(CaseFacts facts) => OnSecondCalls(facts, static (v, step) =>
    {
        // Where calls overlap, CPUs may have been enabled by the one that came second.
        ulong done = 0;
        for (var i = Math.Max(step.FirstEvent, v.EnableEnd); i < step.EndEvent; i++)
        {
            ref readonly var e = ref v.Events[i];
            done += e.Kind is TraceEventKind.Seamcall or TraceEventKind.Allocate && step.Owns(e) ? 1UL : 0;
        }

        return done == 0 ? Verdict.Holds : Verdict.BrokenBy(0, done);
    });

    private static Verdict SecondCallTellsFirst(CaseFacts facts) => OnSecondCalls(facts, static (v, step) =>
    {
        var expected = v.Result == 0 ? 0 : -Errno.Einval;
        return step.Result == expected
            ? Verdict.Holds
            : Verdict.BrokenBy(unchecked((ulong)expected), unchecked((ulong)step.Result));
    });

    private static Verdict OnSecondCalls(CaseFacts facts, Func<CaseFacts, StepRecord, Verdict> rule)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = facts.EnableStep + 1; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.EnableTdx && rule(facts, steps[i]) is { IsBroken: true } verdict)
                return verdict.At(i + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict FailureIsToldOnce(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var told = (ulong)facts.EventFacts.FailureLines;
        if (told != (facts.Result == 0 ? 0UL : 1))
            return Verdict.BrokenBy(unchecked((ulong)facts.Result), told).At(facts.EnableStep + 1);

        var line = told == 0 ? -1 : facts.FindInEnable(KernelLine.ModuleFailed);
        return line < 0 || facts.Events[line].Log.Errno == facts.Result
            ? Verdict.Holds
            : Verdict.BrokenBy(unchecked((ulong)facts.Result), facts.Events[line].Log.First).At(facts.EnableStep + 1);
    }

    private static Verdict SuccessIsToldOnce(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        var told = (ulong)facts.EventFacts.SuccessLines;
        var expected = facts.Result == 0 ? 1UL : 0;
        return told == expected ? Verdict.Holds : Verdict.BrokenBy(expected, told).At(facts.EnableStep + 1);
    }

    private static Verdict StatusTellsResult(CaseFacts facts)
    {
        if (!facts.EnableRan)
            return Verdict.NotObservable;

        var isInitialised = facts.After.IsInitialized;
        return isInitialised == (facts.Result == 0)
            ? Verdict.Holds
            : Verdict.BrokenBy(facts.Result == 0 ? 1UL : 0, isInitialised ? 1UL : 0).At(facts.EnableStep + 1);
    }

    private static Verdict LocksAreBalanced(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events) || facts.Trace.IsEndless || facts.Trace.HasCrashed)
            return Verdict.NotObservable;

        // Locks nest, so a number written in base 8 is a stack of them.
        const ulong Base = 8;
        Span<ulong> heldBy = stackalloc ulong[Trace.MaxTasks];
        foreach (ref readonly var e in facts.Events)
        {
            ref var held = ref heldBy[e.Task];
            if (e.Kind == TraceEventKind.Lock)
            {
                held = (held * Base) + (ulong)e.Lock + 1;
            }
            else if (e.Kind == TraceEventKind.Unlock)
            {
                if (held % Base != (ulong)e.Lock + 1)
                    return Verdict.BrokenBy(held % Base, (ulong)e.Lock + 1);

                held /= Base;
            }
        }

        var left = heldBy.IndexOfAnyExcept(0UL);
        return left < 0 ? Verdict.Holds : Verdict.BrokenBy(0, heldBy[left]);
    }
}
