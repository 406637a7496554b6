// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Properties.Views;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family L: tdx_memlist.</summary>
internal static class MemlistInvariants
{
    /// <summary>The family.</summary>
    public static IEnumerable<Invariant> All =>
    [
        new("L1", "tdx_memlist ascends", Safety, "build_tdx_memlist(): fill_out_tdmrs() relies on it", Evidence.Address, static v => OnEntries(v, Ascends)),
        new("L2", "entries of tdx_memlist are disjoint", Safety, "build_tdx_memlist()", Evidence.Address, static v => OnEntries(v, IsDisjoint)),
        new("L3", "nothing below 1 MiB is in tdx_memlist", Safety, "build_tdx_memlist(): CMRs begin at 1 MiB", Evidence.None, static v => OnEntries(v, IsAboveFirstMib)),
        new("L4", "no entry of tdx_memlist is empty", Safety, "build_tdx_memlist()", Evidence.Count, static v => OnEntries(v, IsNotEmpty)),
        new("L5", "every page of tdx_memlist is a whole page of memblock.memory", Safety, "for_each_mem_pfn_range() rounds inward", Evidence.None, HasOnlyMemory),
        new("L6", "every whole page of memblock.memory from 1 MiB on is in tdx_memlist", Contract, "build_tdx_memlist(): all memory of the page allocator is TDX memory", Evidence.None, HasAllMemory),
        new("L7", "an entry carries the node of its memory", Contract, "add_tdx_memblock()", Evidence.Count, CarriesNid),
        new("L8", "tdx_memlist is empty unless TDX is initialised", Safety, "init_tdx_module(): err_free_tdxmem", Evidence.Count, IsEmptyUnlessInitialised),
        new("L9", "tdx_memlist does not change after initialisation", Safety, "tdx_memlist is read-only after init_tdx_module()", Evidence.Count, StaysAsItWas),
        new("L10", "an entry lies in one region of memblock.memory", Contract, "for_each_mem_pfn_range()", Evidence.None, LiesInOneRegion),
    ];

    private delegate Verdict EntryRule(in PfnRange entry, in PfnRange previous, bool isFirst);

    private static readonly EntryRule Ascends = static (in entry, in previous, isFirst) =>
        isFirst || entry.Start >= previous.Start ? Verdict.Holds : Verdict.BrokenAt(entry.Bytes, previous.Bytes.Start, entry.Bytes.Start);

    private static readonly EntryRule IsDisjoint = static (in entry, in previous, isFirst) =>
        isFirst || entry.Start < previous.Start || entry.Start >= previous.End ? Verdict.Holds : Verdict.BrokenAt(entry.Bytes, previous.Bytes.End, entry.Bytes.Start);

    private static readonly EntryRule IsAboveFirstMib = static (in entry, in _, _) =>
        entry.Bytes.Start >= Sizes.Mib ? Verdict.Holds : Verdict.BrokenAt(new AddressRange(entry.Bytes.Start, Math.Min(entry.Bytes.End, Sizes.Mib)));

    private static readonly EntryRule IsNotEmpty = static (in entry, in _, _) =>
        entry.Start < entry.End ? Verdict.Holds : Verdict.BrokenBy(1, entry.Count);

    private static bool ShowsList(CaseView view) => view.Succeeded && view.Sees(Observes.Memlist);

    private static Verdict OnEntries(CaseView view, EntryRule rule)
    {
        if (!ShowsList(view))
        {
            return Verdict.NotObservable;
        }

        if (view.Looks.ListsMemory)
        {
            return Verdict.Holds;
        }

        var entries = view.After.Memlist;
        for (var i = 0; i < entries.Length; i++)
        {
            var verdict = rule(entries[i], entries[Math.Max(i - 1, 0)], i == 0);
            if (verdict.IsBroken)
            {
                return verdict.At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static bool ShowsListAndMemory(CaseView view) => ShowsList(view) && view.Sees(Observes.Memblock);

    private static Verdict HasOnlyMemory(CaseView view) => !ShowsListAndMemory(view)
        ? Verdict.NotObservable
        : view.Looks.ListsMemory ? Verdict.Holds : Verdict.BrokenUnlessEmpty(FirstOutsideMemory(view)).At(view.RunStep + 1);

    /// <summary>Below 1 MiB is L3's business.</summary>
    private static AddressRange FirstOutsideMemory(CaseView view)
    {
        var outside = view.Pages.Listed.FirstOutside(view.Pages.Eligible);
        return outside.End <= Sizes.Mib ? default : outside;
    }

    private static Verdict HasAllMemory(CaseView view) => !ShowsListAndMemory(view)
        ? Verdict.NotObservable
        : view.Looks.ListsMemory ? Verdict.Holds : Verdict.BrokenUnlessEmpty(view.Pages.Eligible.FirstOutside(view.Pages.Listed)).At(view.RunStep + 1);

    private static Verdict CarriesNid(CaseView view)
    {
        if (!ShowsListAndMemory(view))
        {
            return Verdict.NotObservable;
        }

        if (view.Looks.ListsMemory)
        {
            return Verdict.Holds;
        }

        foreach (ref readonly var entry in view.After.Memlist)
        {
            foreach (ref readonly var region in view.Before.Memory)
            {
                if (region.Range.Overlaps(entry.Bytes) && PageView.WholePages(region.Range).Overlaps(entry.Bytes) && region.Nid != entry.Nid)
                {
                    return Verdict.BrokenAt(entry.Bytes, unchecked((ulong)region.Nid), unchecked((ulong)entry.Nid)).At(view.RunStep + 1);
                }
            }
        }

        return Verdict.Holds;
    }

    private static Verdict IsEmptyUnlessInitialised(CaseView view)
    {
        if (!view.Sees(Observes.Memlist))
        {
            return Verdict.NotObservable;
        }

        for (var i = 0; i <= view.Trace.Steps.Length; i++)
        {
            var snapshot = view.Trace.SnapshotAfter(i);
            if (!(view.Succeeded && i > view.RunStep) && snapshot.Memlist.Length > 0)
            {
                return Verdict.BrokenAt(snapshot.Memlist[0].Bytes, 0, (ulong)snapshot.Memlist.Length).At(i);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict StaysAsItWas(CaseView view)
    {
        if (!ShowsList(view))
        {
            return Verdict.NotObservable;
        }

        var frozen = view.After.Memlist;
        for (var i = view.RunStep + 2; i <= view.Trace.Steps.Length; i++)
        {
            var now = view.Trace.SnapshotAfter(i).Memlist;
            if (!now.SequenceEqual(frozen))
            {
                return Verdict.BrokenBy((ulong)frozen.Length, (ulong)now.Length).At(i);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict LiesInOneRegion(CaseView view)
    {
        if (!ShowsListAndMemory(view))
        {
            return Verdict.NotObservable;
        }

        if (view.Looks.ListsMemory)
        {
            return Verdict.Holds;
        }

        foreach (ref readonly var entry in view.After.Memlist)
        {
            var touched = 0;
            foreach (ref readonly var region in view.Before.Memory)
            {
                touched += PageView.WholePages(region.Range).Overlaps(entry.Bytes) ? 1 : 0;
            }

            if (touched > 1)
            {
                return Verdict.BrokenAt(entry.Bytes).At(view.RunStep + 1);
            }
        }

        return Verdict.Holds;
    }
}
