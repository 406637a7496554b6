// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Properties.Views;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family T, second part: reserved areas.</summary>
internal static class ReservedAreaInvariants
{
    /// <summary>This part of the family.</summary>
    public static IEnumerable<Invariant> All =>
    [
        new("T10", "reserved areas of a TDMR ascend and are disjoint", Safety, "TDH.SYS.CONFIG: TDX_NON_ORDERED_RESERVED_IN_TDMR", Evidence.Address, static v => OnAreas(v, IsBehindPrevious)),
        new("T11", "reserved areas are whole pages", Safety, "TDH.SYS.CONFIG: TDX_INVALID_RESERVED_IN_TDMR", Evidence.Address, static v => OnAreas(v, IsWholePages)),
        new("T12", "reserved areas lie inside their TDMR", Safety, "TDH.SYS.CONFIG: TDX_INVALID_RESERVED_IN_TDMR", Evidence.Address, static v => OnAreas(v, IsInside)),
        new("T13", "no reserved area is empty", Safety, "TDH.SYS.CONFIG: an empty one ends the list", Evidence.Address, static v => OnAreas(v, IsNotEmpty)),
        new("T14", "no page of memory is reserved, except for PAMTs", Safety, "tdmr_populate_rsvd_holes(); mail of v8 8/9, 2024-12-04", Evidence.None, LeaveMemoryAvailable),
        new("T15", "every page of a TDMR that is not memory is reserved", AsMerged, "tdmr_populate_rsvd_holes()", Evidence.None, TakeOutHoles) { About = MergedChoices.HolesFromMemlist },
        new("T16", "every page of a PAMT that lies in a TDMR is reserved", Safety, "tdmr_populate_rsvd_pamts(); TDH.SYS.CONFIG: TDX_PAMT_OVERLAP", Evidence.None, TakeOutPamts),
    ];

    private delegate Verdict AreaRule(in TdmrView tdmr, in ReservedView area, in ReservedView previous, bool isFirst);

    private static readonly AreaRule IsBehindPrevious = static (in tdmr, in area, in previous, isFirst) =>
        isFirst || area.Offset >= AddressRange.OfSize(previous.Offset, previous.Size).End
            ? Verdict.Holds
            : Verdict.BrokenAt(Absolute(tdmr, area), previous.Offset + previous.Size, area.Offset);

    private static readonly AreaRule IsWholePages = static (in tdmr, in area, in _, _) =>
        Pages.IsAligned(area.Offset | area.Size, Sizes.Page4K) ? Verdict.Holds : Verdict.BrokenAt(Absolute(tdmr, area), Sizes.Page4K, area.Size);

    private static readonly AreaRule IsInside = static (in tdmr, in area, in _, _) =>
        area.Offset <= tdmr.Size && area.Size <= tdmr.Size - area.Offset ? Verdict.Holds : Verdict.BrokenAt(Absolute(tdmr, area), tdmr.Size, unchecked(area.Offset + area.Size));

    private static readonly AreaRule IsNotEmpty = static (in tdmr, in area, in _, _) =>
        area.Size != 0 ? Verdict.Holds : Verdict.BrokenAt(new AddressRange(tdmr.Base + area.Offset, tdmr.Base + area.Offset + 1), Sizes.Page4K);

    private static AddressRange Absolute(in TdmrView tdmr, in ReservedView area) => AddressRange.OfSize(unchecked(tdmr.Base + area.Offset), area.Size);

    /// <summary>Both tables count: the module reads 16 slots, the buffer may hold more.</summary>
    private static Verdict OnAreas(CaseView view, AreaRule rule)
    {
        if (!view.HasConfig || !view.Sees(Observes.Tdmrs))
        {
            return Verdict.NotObservable;
        }

        if (view.Looks.HasSoundAreas)
        {
            return Verdict.Holds;
        }

        var verdict = OnAreas(view.Trace.Configured, rule);
        verdict = verdict.IsBroken || !view.Succeeded ? verdict : OnAreas(view.After.Tdmrs, rule);
        return verdict.At(view.RunStep + 1);
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
                {
                    return verdict;
                }
            }
        }

        return Verdict.Holds;
    }

    private static bool Shows(CaseView view) => view.HasConfig && view.Sees(Observes.Tdmrs | Observes.Memblock);

    private static Verdict LeaveMemoryAvailable(CaseView view) => Shows(view)
        ? Verdict.BrokenUnlessEmpty(view.Pages.Usable.FirstCommon(view.Pages.Reserved)).At(view.RunStep + 1)
        : Verdict.NotObservable;

    private static Verdict TakeOutHoles(CaseView view) => Shows(view)
        ? Verdict.BrokenUnlessEmpty(view.Pages.Available.FirstOutside(view.Pages.Eligible)).At(view.RunStep + 1)
        : Verdict.NotObservable;

    private static Verdict TakeOutPamts(CaseView view) => Shows(view)
        ? Verdict.BrokenUnlessEmpty(view.Pages.Pamts.FirstCommon(view.Pages.Available)).At(view.RunStep + 1)
        : Verdict.NotObservable;
}
