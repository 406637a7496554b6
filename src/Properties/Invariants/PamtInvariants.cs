// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family T, third part: PAMTs.</summary>
internal static class PamtInvariants
{
    private const ulong BitsPerByte = 8;

    public static IEnumerable<Invariant> All =>
    [
        new("T20", "every PAMT table has exactly the bytes that its TDMR takes, in whole pages", Safety,
            "tdmr_get_pamt_sz(); TDH.SYS.CONFIG: TDX_INVALID_PAMT", Evidence.Address,
            static v => TdmrInvariants.OnTdmrs(v, HasExactSizes)),
        new("T21", "PAMT tables begin at a page", Safety, "TDH.SYS.CONFIG: TDX_INVALID_PAMT", Evidence.Address,
            static v => TdmrInvariants.OnTdmrs(v, IsAligned)),
        new("T22", "PAMT tables are disjoint", Safety, "TDH.SYS.CONFIG: TDX_PAMT_OVERLAP", Evidence.Address,
            AreDisjoint),
        new("T23", "every PAMT table lies in memory that was allocated for it", Safety,
            "tdmr_set_up_pamt(): alloc_contig_pages()", Evidence.None, LieInAllocations),
        new("T24", "a PAMT is allocated on the node of a memory range that overlaps its TDMR", Contract,
            "tdmr_get_nid()", Evidence.Count, AreAskedFromTheirNode),
        new("T25", "one PAMT chunk is allocated for every TDMR", AsMerged, "tdmrs_set_up_pamt_all()", Evidence.Count,
            AreOneEach) { About = MergedChoices.OnePamtChunk },
        new("T27", "a PAMT is made of pages that nobody may move", Safety,
            "tdmr_set_up_pamt(): GFP_KERNEL; the TDX module knows a PAMT by its address", Evidence.None,
            static v => IsNeverAsked(v, PageRequest.Movable)),
        new("T28", "a PAMT may come from another node where its own has no room", Contract,
            "tdmr_set_up_pamt(): alloc_contig_pages(..., &node_online_map)", Evidence.None,
            static v => IsNeverAsked(v, PageRequest.ThisNode)),
        new("T29", "room is made for a PAMT, wherever there is memory", Contract,
            "tdmr_set_up_pamt(): GFP_KERNEL; a host that is up for long has no free stretch", Evidence.None,
            static v => IsNeverAsked(v, PageRequest.NoReclaim | PageRequest.Low)),
    ];

    private static readonly TdmrInvariants.TdmrRule HasExactSizes = static (facts, in tdmr, in _, _) =>
    {
        var limits = facts.Scenario.Machine.Limits;
        var isBitmap = (facts.Events[facts.ConfigEvent].Seamcall.R8 & ~SysConfigOperand.KeyIdMask) != 0;
        var pages = tdmr.Size / Sizes.Page4K;
        var small = isBitmap ? Whole((pages + BitsPerByte - 1) / BitsPerByte) : Whole(pages * limits.Pamt4KEntrySize);
        var verdict = IsSize(tdmr.Pamt4K, small);
        verdict = verdict.IsBroken
            ? verdict
            : IsSize(tdmr.Pamt2M, Whole(tdmr.Size / Sizes.Page2M * limits.Pamt2MEntrySize));
        return verdict.IsBroken
            ? verdict
            : IsSize(tdmr.Pamt1G, Whole(tdmr.Size / Sizes.Page1G * limits.Pamt1GEntrySize));
    };

    private static readonly TdmrInvariants.TdmrRule IsAligned = static (_, in tdmr, in _, _) =>
        Pages.IsAligned(tdmr.Pamt4K.Base | tdmr.Pamt2M.Base | tdmr.Pamt1G.Base, Sizes.Page4K)
            ? Verdict.Holds
            : Verdict.BrokenAt(tdmr.Range, Sizes.Page4K, tdmr.Pamt2M.Base);

    private static ulong Whole(ulong bytes) => Pages.AlignUp(bytes, Sizes.Page4K);
    private static Verdict IsSize(PamtView pamt, ulong size) =>
        pamt.Size == size ? Verdict.Holds : Verdict.BrokenAt(pamt.Range, size, pamt.Size);

    private static Verdict AreDisjoint(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs))
            return Verdict.NotObservable;

        ulong sum = 0;
        foreach (ref readonly var tdmr in facts.Tdmrs)
            sum += tdmr.Pamt4K.Range.Size + tdmr.Pamt2M.Range.Size + tdmr.Pamt1G.Range.Size;

        var union = facts.Pages.Pamts.Size;
        return sum == union ? Verdict.Holds : Verdict.BrokenBy(sum, union).At(facts.EnableStep + 1);
    }

    private static Verdict LieInAllocations(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs | Observes.Events))
            return Verdict.NotObservable;

        if (facts.Pages.Pamts.FirstOutside(facts.Pages.Chunks).IsEmpty)
            return Verdict.Holds;

        foreach (ref readonly var table in facts.Pages.Pamts.Ranges)
        {
            var at = table.Start;
            while (at < table.End && EndOfAllocation(facts, at) is var end && end > at)
                at = end;

            if (at < table.End)
                return Verdict.BrokenAt(new AddressRange(at, table.End)).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static ulong EndOfAllocation(CaseFacts facts, ulong address)
    {
        foreach (ref readonly var chunk in facts.Chunks)
        {
            if (address >= chunk.Start && address < chunk.End)
                return chunk.End;
        }

        return address;
    }

    /// <summary>Which TDMR a PAMT is for: one that the module was given, or that the memory asks for where a region
    /// is an entry.</summary>
    private static AddressRange? TdmrOf(CaseFacts facts, int number)
    {
        if (facts.HasConfig && facts.Sees(Observes.Tdmrs))
            return number < facts.Tdmrs.Length ? facts.Tdmrs[number].Range : null;

        var isDemanded = (facts.Choices & MergedChoices.EntryPerRegion) != 0;
        return isDemanded && number < facts.Demand.Tdmrs.Length ? facts.Demand.Tdmrs[number] : null;
    }

    private static Verdict AreAskedFromTheirNode(CaseFacts facts)
    {
        if (!facts.EnableRan || !facts.Sees(Observes.Memblock | Observes.Events))
            return Verdict.NotObservable;

        var asked = 0;
        var last = 0;
        foreach (var at in facts.EventFacts.PamtMoves)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind != TraceEventKind.Allocate)
                continue;

            if (TdmrOf(facts, asked) is { } tdmr && !HasNode(facts, tdmr, e.Allocation.Nid, ref last))
            {
                return Verdict.BrokenAt(tdmr, NodeIn(facts, tdmr), unchecked((ulong)e.Allocation.Nid))
                    .At(facts.EnableStep + 1);
            }

            asked++;
        }

        return Verdict.Holds;
    }

    /// <summary>True when a range of the node overlaps the TDMR; the one found last and those behind it are looked at
    /// first.</summary>
    private static bool HasNode(CaseFacts facts, AddressRange tdmr, int nid, ref int last)
    {
        var regions = facts.Before.Memory;
        for (var turn = 0; turn < regions.Length; turn++, last++)
        {
            last = last < regions.Length ? last : 0;
            if (regions[last].Nid == nid && PageSets.WholePages(regions[last].Range).Overlaps(tdmr))
                return true;
        }

        return false;
    }

    private static ulong NodeIn(CaseFacts facts, AddressRange tdmr)
    {
        foreach (ref readonly var region in facts.Before.Memory)
        {
            if (PageSets.WholePages(region.Range).Overlaps(tdmr))
                return unchecked((ulong)region.Nid);
        }

        return 0;
    }

    private static Verdict IsNeverAsked(CaseFacts facts, PageRequest what)
    {
        if (!facts.EnableRan || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        foreach (var at in facts.EventFacts.PamtMoves)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind == TraceEventKind.Allocate && (e.Allocation.Request & what) != 0)
                return Verdict.BrokenAt(e.Allocation.Range).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict AreOneEach(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs | Observes.Events))
            return Verdict.NotObservable;

        var chunks = (ulong)facts.Chunks.Length;
        var given = (ulong)facts.Tdmrs.Length;
        return chunks == given ? Verdict.Holds : Verdict.BrokenBy(given, chunks).At(facts.EnableStep + 1);
    }
}
