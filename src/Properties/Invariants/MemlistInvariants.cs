// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family L: tdx_memlist.</summary>
internal static class MemlistInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("L1", "tdx_memlist ascends", Safety, "build_tdx_memlist(): fill_out_tdmrs() relies on it",
            Evidence.Address, static v => OnEntries(v, Ascends)) { SettledBy = ListsMemory },
        new("L2", "entries of tdx_memlist are disjoint", Safety, "build_tdx_memlist()", Evidence.Address,
            static v => OnEntries(v, IsDisjoint)) { SettledBy = ListsMemory },
        new("L3", "nothing below 1 MiB is in tdx_memlist", Safety, "build_tdx_memlist(): CMRs begin at 1 MiB",
            Evidence.None, static v => OnEntries(v, IsAboveFirstMib)) { SettledBy = ListsMemory },
        new("L4", "no entry of tdx_memlist is empty", Safety, "build_tdx_memlist()", Evidence.Count,
            static v => OnEntries(v, IsNotEmpty)) { SettledBy = ListsMemory },
        new("L5", "every page of tdx_memlist is a whole page of memblock.memory", Contract,
            "for_each_mem_pfn_range() rounds inward", Evidence.None, HasOnlyMemory) { SettledBy = ListsMemory },
        new("L6", "every whole page of memblock.memory from 1 MiB on is in tdx_memlist", Contract,
            "build_tdx_memlist(): all memory of the page allocator is TDX memory", Evidence.None,
            HasAllMemory) { SettledBy = ListsMemory },
        new("L7", "an entry carries the node of its memory", Contract, "add_tdx_memblock()", Evidence.Count,
            CarriesNid) { SettledBy = ListsMemory },
        new("L8", "tdx_memlist is empty unless TDX is initialised", Safety, "init_tdx_module(): err_free_tdxmem",
            Evidence.Count, IsEmptyUnlessInitialised),
        new("L9", "tdx_memlist does not change after initialisation", Safety,
            "tdx_memlist is read-only after init_tdx_module()", Evidence.Count, StaysAsItWas),
        new("L10", "an entry lies in one region of memblock.memory", AsMerged, "for_each_mem_pfn_range()",
            Evidence.None, LiesInOneRegion) { SettledBy = ListsMemory, About = MergedChoices.EntryPerRegion },
    ];

    /// <summary>The entries are the whole pages of ascending memory from 1 MiB on, one after another, with its
    /// nodes.</summary>
    private static FastCheck ListsMemory { get; } = new(static facts =>
    {
        if (!facts.Succeeded)
            return false;

        var entries = facts.After.Memlist;
        var next = 0;
        ulong end = 0;
        foreach (ref readonly var region in facts.Before.Memory)
        {
            if (region.Base < end)
                return false;

            end = region.End;
            var whole = PageSets.WholePages(region.Range);
            var start = Math.Max(whole.Start, Sizes.Mib);
            if (start >= whole.End)
                continue;

            if (next == entries.Length || entries[next].Bytes != new AddressRange(start, whole.End)
                || entries[next].Nid != region.Nid)
            {
                return false;
            }

            next++;
        }

        return next == entries.Length;
    });

    private delegate Verdict EntryRule(in PfnRange entry, in PfnRange previous, bool isFirst);

    private static readonly EntryRule Ascends = static (in entry, in previous, isFirst) =>
        isFirst || entry.Start >= previous.Start
            ? Verdict.Holds
            : Verdict.BrokenAt(entry.Bytes, previous.Bytes.Start, entry.Bytes.Start);

    private static readonly EntryRule IsDisjoint = static (in entry, in previous, isFirst) =>
        isFirst || entry.Start < previous.Start
            || entry.Start >= previous.End
                ? Verdict.Holds
                : Verdict.BrokenAt(entry.Bytes, previous.Bytes.End, entry.Bytes.Start);

    private static readonly EntryRule IsAboveFirstMib = static (in entry, in _, _) =>
        entry.Bytes.Start >= Sizes.Mib
            ? Verdict.Holds
            : Verdict.BrokenAt(new AddressRange(entry.Bytes.Start, Math.Min(entry.Bytes.End, Sizes.Mib)));

    private static readonly EntryRule IsNotEmpty = static (in entry, in _, _) =>
        entry.Start < entry.End ? Verdict.Holds : Verdict.BrokenBy(1, entry.Count);

    private static bool ShowsList(CaseFacts facts) => facts.Succeeded && facts.Sees(Observes.Memlist);

    private static Verdict OnEntries(CaseFacts facts, EntryRule rule)
    {
        if (!ShowsList(facts))
            return Verdict.NotObservable;

        var entries = facts.After.Memlist;
        for (var i = 0; i < entries.Length; i++)
        {
            var verdict = rule(entries[i], entries[Math.Max(i - 1, 0)], i == 0);
            if (verdict.IsBroken)
                return verdict.At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static bool ShowsListAndMemory(CaseFacts facts) => ShowsList(facts) && facts.Sees(Observes.Memblock);

    private static Verdict HasOnlyMemory(CaseFacts facts) => !ShowsListAndMemory(facts)
        ? Verdict.NotObservable
        : Verdict.BrokenUnlessEmpty(FirstOutsideMemory(facts)).At(facts.EnableStep + 1);

    private static AddressRange FirstOutsideMemory(CaseFacts facts)
    {
        var outside = facts.Pages.Listed.FirstOutside(facts.Pages.Eligible);
        return outside.End <= Sizes.Mib ? default : outside;
    }

    private static Verdict HasAllMemory(CaseFacts facts) => !ShowsListAndMemory(facts)
        ? Verdict.NotObservable
        : Verdict.BrokenUnlessEmpty(facts.Pages.Eligible.FirstOutside(facts.Pages.Listed)).At(facts.EnableStep + 1);

    private static Verdict CarriesNid(CaseFacts facts)
    {
        if (!ShowsListAndMemory(facts))
            return Verdict.NotObservable;

        foreach (ref readonly var entry in facts.After.Memlist)
        {
            foreach (ref readonly var region in facts.Before.Memory)
            {
                if (region.Range.Overlaps(entry.Bytes) && PageSets.WholePages(region.Range).Overlaps(entry.Bytes)
                    && region.Nid != entry.Nid)
                {
                    return Verdict.BrokenAt(entry.Bytes, unchecked((ulong)region.Nid), unchecked((ulong)entry.Nid))
                        .At(facts.EnableStep + 1);
                }
            }
        }

        return Verdict.Holds;
    }

    private static Verdict IsEmptyUnlessInitialised(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memlist))
            return Verdict.NotObservable;

        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            var snapshot = facts.Trace.SnapshotAfter(i);
            if (!(facts.Succeeded && i > facts.EnableStep) && snapshot.Memlist.Length > 0)
                return Verdict.BrokenAt(snapshot.Memlist[0].Bytes, 0, (ulong)snapshot.Memlist.Length).At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict StaysAsItWas(CaseFacts facts)
    {
        if (!ShowsList(facts))
            return Verdict.NotObservable;

        var frozen = facts.After.Memlist;
        for (var i = facts.EnableStep + 2; i <= facts.Trace.Steps.Length; i++)
        {
            var now = facts.Trace.SnapshotAfter(i).Memlist;
            if (!now.SequenceEqual(frozen))
                return Verdict.BrokenBy((ulong)frozen.Length, (ulong)now.Length).At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict LiesInOneRegion(CaseFacts facts)
    {
        if (!ShowsListAndMemory(facts))
            return Verdict.NotObservable;

        foreach (ref readonly var entry in facts.After.Memlist)
        {
            var touched = 0;
            foreach (ref readonly var region in facts.Before.Memory)
                touched += PageSets.WholePages(region.Range).Overlaps(entry.Bytes) ? 1 : 0;

            if (touched > 1)
                return Verdict.BrokenAt(entry.Bytes).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }
}
