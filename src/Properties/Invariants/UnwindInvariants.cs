// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Properties.Views;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family U: the way out of every failure, and second calls.</summary>
internal static class UnwindInvariants
{
    /// <summary>The family.</summary>
    public static IEnumerable<Invariant> All =>
    [
        new("U1", "nothing that was allocated is left after a failure", Safety, "init_tdx_module(): the error labels", Evidence.Count, NothingLeaks),
        new("U2", "nothing is freed twice", Safety, "init_tdx_module(): the error labels", Evidence.Count, static v => NeverHappens(v, TraceEventKind.BadFree)),
        new("U3", "nothing freed is read, not even by a later machine check", Safety, "is_pamt_page()", Evidence.Count, static v => v.Sees(Observes.Touches) ? NeverHappens(v, TraceEventKind.ReadAfterFree) : Verdict.NotObservable),
        new("U4", "a failed allocation is -ENOMEM, and -ENOMEM is a failed allocation", Contract, "init_tdx_module()", Evidence.Result, NoMemoryIsTold),
        new("U5", "PAMTs that the module may have written to are flushed out of the caches before they are given back", Safety, "init_tdx_module(): err_reset_pamts", Evidence.Count, FlushesBeforeFree),
        new("U6", "they are converted back before they are given back, every byte of them", Safety, "tdmrs_reset_pamt_all()", Evidence.Address, ResetsBeforeFree),
        new("U7", "pages are only converted back while they are ours", Safety, "tdmrs_reset_pamt_all()", Evidence.None, ResetsOnlyOwnPages),
        new("U8", "pages are given back as they were allocated", Safety, "free_contig_range()", Evidence.Address, FreesWhatItAllocated),
        new("U9", "a second tdx_enable() makes no SEAMCALL and allocates nothing", Contract, "tdx_enable(): switch on tdx_module_status", Evidence.Count, SecondCallDoesNothing),
        new("U10", "a second tdx_enable() is 0 after success and -EINVAL after a failure", Contract, "tdx_enable()", Evidence.Result, SecondCallTellsFirst),
        new("U11", "a failure is told in exactly one line, with the errno that is returned", Contract, "init_tdx_module(): pr_err()", Evidence.Result, FailureIsToldOnce),
        new("U12", "success is told in exactly one line", Contract, "init_tdx_module(): pr_info()", Evidence.Count, SuccessIsToldOnce),
        new("U13", "TDX is initialised if and only if tdx_enable() returned 0", Safety, "tdx_module_status", Evidence.Count, StatusTellsResult),
        new("U14", "locks are released in the other order, and all of them", Safety, "tdx_module_lock, mem_hotplug_lock", Evidence.Count, LocksAreBalanced),
        new("U15", "after success the memlist, the TDMR buffer and the PAMTs stay allocated, nothing else", Safety, "init_tdx_module()", Evidence.Count, SuccessKeepsWhatItNeeds),
    ];

    private static readonly AllocationSite[] Sites = Enum.GetValues<AllocationSite>();

    private static bool Shows(CaseView view) => view.HasRun && view.Sees(Observes.Events);

    private static ulong Live(CaseView view, AllocationSite site) => unchecked((ulong)view.Index.Live(site));

    private static Verdict NothingLeaks(CaseView view)
    {
        if (!Shows(view) || view.Result == 0)
        {
            return Verdict.NotObservable;
        }

        foreach (var site in Sites)
        {
            if (Live(view, site) is var live and not 0)
            {
                return Verdict.BrokenBy(0, live).At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict SuccessKeepsWhatItNeeds(CaseView view)
    {
        if (!Shows(view) || view.Result != 0 || !view.Sees(Observes.Tdmrs | Observes.Memlist))
        {
            return Verdict.NotObservable;
        }

        foreach (var site in Sites)
        {
            var expected = site switch
            {
                AllocationSite.MemlistEntry => (ulong)view.After.Memlist.Length,
                AllocationSite.Pamt => (ulong)view.After.Tdmrs.Tdmrs.Length,
                AllocationSite.TdmrBuffer => 1UL,
                _ => 0UL,
            };
            if (Live(view, site) is var live && live != expected)
            {
                return Verdict.BrokenBy(expected, live).At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict NeverHappens(CaseView view, TraceEventKind kind)
    {
        if (!view.Sees(Observes.Events))
        {
            return Verdict.NotObservable;
        }

        var steps = view.Trace.Steps;
        var count = kind == TraceEventKind.BadFree ? view.Trace.BadFrees : view.Trace.ReadsAfterFree;
        for (var i = 0; i < steps.Length && count > 0; i++)
        {
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                if (view.Events[at].Kind == kind)
                {
                    return Verdict.BrokenAt(PageOf(steps[i].Step), 0, (ulong)count).At(i + 1);
                }
            }
        }

        return count == 0 ? Verdict.Holds : Verdict.BrokenBy(0, (ulong)count);
    }

    /// <summary>The page that a machine check names; nothing for other steps.</summary>
    private static AddressRange PageOf(in Step step) => step.Kind == StepKind.MachineCheck
        ? AddressRange.OfSize(Pages.AlignDown(step.Address, Sizes.Page4K), Sizes.Page4K)
        : default;

    private static Verdict NoMemoryIsTold(CaseView view)
    {
        if (!Shows(view))
        {
            return Verdict.NotObservable;
        }

        var failed = view.Index.HasNull;
        return failed == (view.Result == -Errno.Enomem)
            ? Verdict.Holds
            : Verdict.BrokenBy(failed ? unchecked((ulong)-Errno.Enomem) : 0, unchecked((ulong)view.Result)).At(view.RunStep + 1);
    }

    /// <summary>Initialisation failed behind a TDH.SYS.CONFIG that was accepted.</summary>
    private static bool FailedLate(CaseView view) => Shows(view) && view.Result != 0 && view.IsConfigured;

    private static Verdict FlushesBeforeFree(CaseView view)
    {
        if (!FailedLate(view))
        {
            return Verdict.NotObservable;
        }

        var flushed = false;
        for (var i = view.ConfigEvent; i < view.RunEnd; i++)
        {
            ref readonly var e = ref view.Events[i];
            flushed = e.Kind == TraceEventKind.Flush || (flushed && e.Kind != TraceEventKind.Seamcall);
            if (e.IsAt(TraceEventKind.Free, AllocationSite.Pamt) && !flushed)
            {
                return Verdict.BrokenBy(1, 0).At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict ResetsBeforeFree(CaseView view)
    {
        if (!FailedLate(view) || !view.Scenario.Choices.PartialWriteErratum)
        {
            return Verdict.NotObservable;
        }

        foreach (var i in view.Index.PamtFrees)
        {
            ref readonly var freed = ref view.Events[i];
            if (!IsResetBefore(view, i, freed.Allocation.Range))
            {
                return Verdict.BrokenAt(freed.Allocation.Range).At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static bool IsResetBefore(CaseView view, int end, AddressRange chunk)
    {
        foreach (var i in view.Index.Resets)
        {
            ref readonly var e = ref view.Events[i];
            if (i < end && e.Reset.Contains(chunk))
            {
                return true;
            }
        }

        return false;
    }

    private static Verdict ResetsOnlyOwnPages(CaseView view)
    {
        if (!Shows(view))
        {
            return Verdict.NotObservable;
        }

        foreach (var i in view.Index.Resets)
        {
            ref readonly var reset = ref view.Events[i];
            if (!IsOurs(view, i, reset.Reset))
            {
                return Verdict.BrokenAt(reset.Reset).At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static bool IsOurs(CaseView view, int end, AddressRange range)
    {
        var isOurs = false;
        foreach (var i in view.Index.PamtMoves)
        {
            ref readonly var e = ref view.Events[i];
            if (i < end)
            {
                var chunk = e.Allocation.Range;
                isOurs = chunk.Contains(range) ? e.Kind == TraceEventKind.Allocate && !e.Allocation.IsNull : isOurs;
            }
        }

        return isOurs;
    }

    private static Verdict FreesWhatItAllocated(CaseView view)
    {
        if (!Shows(view))
        {
            return Verdict.NotObservable;
        }

        var from = 0;
        foreach (var at in view.Index.PamtFrees)
        {
            ref readonly var freed = ref view.Events[at];
            if (DifferentAllocation(view, freed, ref from) is var made and >= 0)
            {
                return Verdict.BrokenAt(freed.Allocation.Range, view.Events[made].Allocation.Amount, freed.Allocation.Amount).At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }

    /// <summary>
    /// The allocation of what is freed, when it was other pages; -1: it was these. The trace numbers allocations, so that there
    /// is one of a number, and frees come in the same order: the search goes on behind the one found last.
    /// </summary>
    private static int DifferentAllocation(CaseView view, in TraceEvent freed, ref int from)
    {
        var moves = view.Index.PamtMoves;
        var events = view.Events;
        for (var turn = 0; turn < moves.Length; turn++)
        {
            from = from < moves.Length ? from : 0;
            ref readonly var made = ref events[moves[from++]];
            if (made.Kind == TraceEventKind.Allocate && made.Allocation.Ordinal == freed.Allocation.Ordinal)
            {
                return made.Allocation.Pfn == freed.Allocation.Pfn && made.Allocation.Amount == freed.Allocation.Amount ? -1 : moves[from - 1];
            }
        }

        return -1;
    }

    private static Verdict SecondCallDoesNothing(CaseView view) => OnSecondCalls(view, static (v, step) =>
    {
        ulong done = 0;
        for (var i = step.FirstEvent; i < step.EndEvent; i++)
        {
            done += v.Events[i].Kind is TraceEventKind.Seamcall or TraceEventKind.Allocate ? 1UL : 0;
        }

        return done == 0 ? Verdict.Holds : Verdict.BrokenBy(0, done);
    });

    private static Verdict SecondCallTellsFirst(CaseView view) => OnSecondCalls(view, static (v, step) =>
    {
        var expected = v.Result == 0 ? 0 : -Errno.Einval;
        return step.Result == expected ? Verdict.Holds : Verdict.BrokenBy(unchecked((ulong)expected), unchecked((ulong)step.Result));
    });

    private static Verdict OnSecondCalls(CaseView view, Func<CaseView, StepRecord, Verdict> rule)
    {
        if (!Shows(view))
        {
            return Verdict.NotObservable;
        }

        var steps = view.Trace.Steps;
        for (var i = view.RunStep + 1; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.EnableTdx && rule(view, steps[i]) is { IsBroken: true } verdict)
            {
                return verdict.At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict FailureIsToldOnce(CaseView view)
    {
        if (!Shows(view))
        {
            return Verdict.NotObservable;
        }

        var told = (ulong)view.Index.FailureLines;
        if (told != (view.Result == 0 ? 0UL : 1))
        {
            return Verdict.BrokenBy(unchecked((ulong)view.Result), told).At(view.RunStep + 1);
        }

        var line = told == 0 ? -1 : view.FindInRun(KernelLine.ModuleFailed);
        return line < 0 || view.Events[line].Log.Errno == view.Result
            ? Verdict.Holds
            : Verdict.BrokenBy(unchecked((ulong)view.Result), view.Events[line].Log.First).At(view.RunStep + 1);
    }

    private static Verdict SuccessIsToldOnce(CaseView view)
    {
        if (!Shows(view))
        {
            return Verdict.NotObservable;
        }

        var told = (ulong)view.Index.SuccessLines;
        var expected = view.Result == 0 ? 1UL : 0;
        return told == expected ? Verdict.Holds : Verdict.BrokenBy(expected, told).At(view.RunStep + 1);
    }

    private static Verdict StatusTellsResult(CaseView view)
    {
        if (!view.HasRun)
        {
            return Verdict.NotObservable;
        }

        var isInitialised = view.After.IsInitialized;
        return isInitialised == (view.Result == 0) ? Verdict.Holds : Verdict.BrokenBy(view.Result == 0 ? 1UL : 0, isInitialised ? 1UL : 0).At(view.RunStep + 1);
    }

    private static Verdict LocksAreBalanced(CaseView view)
    {
        if (!view.Sees(Observes.Events) || view.Trace.IsEndless || view.Trace.HasCrashed)
        {
            return Verdict.NotObservable;
        }

        // Locks nest, so a number written in base 8 is a stack of them.
        const ulong Base = 8;
        ulong held = 0;
        foreach (ref readonly var e in view.Events)
        {
            if (e.Kind == TraceEventKind.Lock)
            {
                held = (held * Base) + (ulong)e.Lock + 1;
            }
            else if (e.Kind == TraceEventKind.Unlock)
            {
                if (held % Base != (ulong)e.Lock + 1)
                {
                    return Verdict.BrokenBy(held % Base, (ulong)e.Lock + 1);
                }

                held /= Base;
            }
        }

        return held == 0 ? Verdict.Holds : Verdict.BrokenBy(0, held);
    }
}
