// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family T, second part: reserved areas.</summary>
internal static class ReservedAreaInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("T10", "reserved areas of a TDMR ascend and are disjoint", Safety,
            "TDH.SYS.CONFIG: TDX_NON_ORDERED_RESERVED_IN_TDMR", Evidence.Address,
            static v => OnAreas(v, IsBehindPrevious)) { SettledBy = AreSound },
        new("T11", "reserved areas are whole pages", Safety, "TDH.SYS.CONFIG: TDX_INVALID_RESERVED_IN_TDMR",
            Evidence.Address, static v => OnAreas(v, IsWholePages)) { SettledBy = AreSound },
        new("T12", "reserved areas lie inside their TDMR", Safety, "TDH.SYS.CONFIG: TDX_INVALID_RESERVED_IN_TDMR",
            Evidence.Address, static v => OnAreas(v, IsInside)) { SettledBy = AreSound },
        new("T13", "no reserved area is empty", Safety, "TDH.SYS.CONFIG: an empty one ends the list", Evidence.Address,
            static v => OnAreas(v, IsNotEmpty)) { SettledBy = AreSound },
        new("T14", "no page of memory is reserved, except for PAMTs", Contract,
            "tdmr_populate_rsvd_holes(); mail of v8 8/9, 2024-12-04", Evidence.None, LeaveMemoryAvailable),
        new("T15", "every page of a TDMR that is not memory is reserved", AsMerged, "tdmr_populate_rsvd_holes()",
            Evidence.None, TakeOutHoles) { About = MergedChoices.HolesFromMemlist },
        new("T16", "every page of a PAMT that lies in a TDMR is reserved", Safety,
            "tdmr_populate_rsvd_pamts(); TDH.SYS.CONFIG: TDX_PAMT_OVERLAP", Evidence.None, TakeOutPamts),
    ];

    /// <summary>Reserved areas, as given and as kept, ascend in whole pages inside their TDMR.</summary>
    private static FastCheck AreSound { get; } = new(static facts =>
        facts.HasConfig && IsSound(facts.Trace.Configured) && (!facts.Succeeded || IsSound(facts.After.Tdmrs)));

    private delegate Verdict AreaRule(in TdmrView tdmr, in ReservedView area, in ReservedView previous, bool isFirst);

    private static readonly AreaRule IsBehindPrevious = static (in tdmr, in area, in previous, isFirst) =>
        isFirst || area.Offset >= AddressRange.OfSize(previous.Offset, previous.Size).End
            ? Verdict.Holds
            : Verdict.BrokenAt(Absolute(tdmr, area), previous.Offset + previous.Size, area.Offset);

    private static readonly AreaRule IsWholePages = static (in tdmr, in area, in _, _) =>
        Pages.IsAligned(area.Offset | area.Size, Sizes.Page4K)
            ? Verdict.Holds
            : Verdict.BrokenAt(Absolute(tdmr, area), Sizes.Page4K, area.Size);

    private static readonly AreaRule IsInside = static (in tdmr, in area, in _, _) =>
        area.Offset <= tdmr.Size
            && area.Size <= tdmr.Size - area.Offset
                ? Verdict.Holds
                : Verdict.BrokenAt(Absolute(tdmr, area), tdmr.Size, unchecked(area.Offset + area.Size));

    private static readonly AreaRule IsNotEmpty = static (in tdmr, in area, in _, _) =>
        area.Size != 0
            ? Verdict.Holds
            : Verdict.BrokenAt(new AddressRange(tdmr.Base + area.Offset, tdmr.Base + area.Offset + 1), Sizes.Page4K);

    private static AddressRange Absolute(in TdmrView tdmr, in ReservedView area) =>
        AddressRange.OfSize(unchecked(tdmr.Base + area.Offset), area.Size);

    /// <summary>Both tables count: the module reads 16 slots, the buffer may hold more.</summary>
    private static Verdict OnAreas(CaseFacts facts, AreaRule rule)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs))
            return Verdict.NotObservable;

        var verdict = OnAreas(facts.Trace.Configured, rule);
        verdict = verdict.IsBroken || !facts.Succeeded ? verdict : OnAreas(facts.After.Tdmrs, rule);
        return verdict.At(facts.EnableStep + 1);
    }

    private static Verdict OnAreas(TdmrTable table, AreaRule rule)
    {
        foreach (ref readonly var tdmr in table.Tdmrs)
        {
            var areas = table.Reserved(tdmr);
            for (var i = 0; i < areas.Length; i++)
            {
                var verdict = rule(tdmr, areas[i], areas[Math.Max(i - 1, 0)], i == 0);
                if (verdict.IsBroken)
                    return verdict;
            }
        }

        return Verdict.Holds;
    }

    private static bool Shows(CaseFacts facts) => facts.HasConfig && facts.Sees(Observes.Tdmrs | Observes.Memblock);

    private static Verdict LeaveMemoryAvailable(CaseFacts facts) => Shows(facts)
        ? Verdict.BrokenUnlessEmpty(facts.Pages.Usable.FirstCommon(facts.Pages.Reserved)).At(facts.EnableStep + 1)
        : Verdict.NotObservable;

    private static Verdict TakeOutHoles(CaseFacts facts) => Shows(facts)
        ? Verdict.BrokenUnlessEmpty(facts.Pages.Available.FirstOutside(facts.Pages.Eligible)).At(facts.EnableStep + 1)
        : Verdict.NotObservable;

    private static Verdict TakeOutPamts(CaseFacts facts) => Shows(facts)
        ? Verdict.BrokenUnlessEmpty(facts.Pages.Pamts.FirstCommon(facts.Pages.Available)).At(facts.EnableStep + 1)
        : Verdict.NotObservable;

    private static bool IsSound(TdmrTable table)
    {
        foreach (ref readonly var tdmr in table.Tdmrs)
        {
            ulong end = 0;
            foreach (ref readonly var area in table.Reserved(tdmr))
            {
                if (area.Offset < end || area.Size == 0 || !Pages.IsAligned(area.Offset | area.Size, Sizes.Page4K)
                    || area.Offset > tdmr.Size || area.Size > tdmr.Size - area.Offset)
                {
                    return false;
                }

                end = area.Offset + area.Size;
            }
        }

        return true;
    }
}
