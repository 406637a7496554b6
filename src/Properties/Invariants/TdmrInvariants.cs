// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family T, first part: TDMRs as TDH.SYS.CONFIG is given them.</summary>
internal static class TdmrInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("T1", "a TDMR begins and ends at 1 GiB and is not empty", Safety, "TDH.SYS.CONFIG: TDX_INVALID_TDMR",
            Evidence.Address, static v => OnTdmrs(v, IsAligned)) { SettledBy = AreDemanded },
        new("T2", "TDMRs ascend and are disjoint", Safety, "TDH.SYS.CONFIG: TDX_NON_ORDERED_TDMR", Evidence.Address,
            static v => OnTdmrs(v, IsBehindPrevious)) { SettledBy = AreDemanded },
        new("T3", "TDMRs cover all memory from 1 MiB on", Contract, "fill_out_tdmrs()", Evidence.None,
            CoverMemory) { SettledBy = AreDemanded },
        new("T4", "a TDMR holds a page of memory that no earlier TDMR covers", Contract, "fill_out_tdmrs()",
            Evidence.None, static v => OnTdmrs(v, HoldsNewPage)) { SettledBy = AreDemanded },
        new("T5", "there is one TDMR for every range that reaches into a GiB which none before it touches", AsMerged,
            "fill_out_tdmrs()", Evidence.Address, AreThoseExpected) { About = MergedChoices.TdmrPerRange,
            SettledBy = AreDemanded },
        new("T6", "no more TDMRs and reserved areas are used than the module takes", Safety,
            "MAX_TDMRS, MAX_RESERVED_PER_TDMR", Evidence.Count, StayWithinLimits),
        new("T7",
            "-ENOSPC is returned if and only if memory asks for more TDMRs or reserved areas than the module takes",
            AsMerged, "fill_out_tdmrs(), tdmr_add_rsvd_area()", Evidence.Count,
            IsNoSpaceWhenExceeded) { About = MergedChoices.TdmrPerRange | MergedChoices.HolesFromMemlist },
        new("T8", "TDMRs do not change between TDH.SYS.CONFIG and the end of initialisation", Safety,
            "the module copies them once", Evidence.Count, StayAsConfigured),
        new("T9", "TDH.SYS.CONFIG is given every TDMR in use", Safety, "config_tdx_module()", Evidence.Count,
            AreAllConfigured),
    ];

    /// <summary>TDMRs are those that ascending memory asks for.</summary>
    private static FastCheck AreDemanded { get; } = new(static facts => facts.HasDemandedTdmrs);

    internal delegate Verdict TdmrRule(CaseFacts facts, in TdmrView tdmr, in TdmrView previous, bool isFirst);

    private static readonly TdmrRule IsAligned = static (_, in tdmr, in _, _) =>
        Pages.IsAligned(tdmr.Base, Sizes.Page1G) && Pages.IsAligned(tdmr.Size, Sizes.Page1G) && tdmr.Size != 0
            ? Verdict.Holds
            : Verdict.BrokenAt(
                tdmr.Range, Sizes.Page1G, tdmr.Size == 0
                    ? 0
                    : Pages.IsAligned(tdmr.Base, Sizes.Page1G) ? tdmr.Size : tdmr.Base);

    private static readonly TdmrRule IsBehindPrevious = static (_, in tdmr, in previous, isFirst) =>
        isFirst || tdmr.Base >= previous.Range.End
            ? Verdict.Holds
            : Verdict.BrokenAt(tdmr.Range, previous.Range.End, tdmr.Base);

    private static readonly TdmrRule HoldsNewPage = static (facts, in tdmr, in _, _) =>
    {
        foreach (ref readonly var piece in facts.Pages.Eligible.Ranges)
        {
            var inside = new AddressRange(Math.Max(piece.Start, tdmr.Base), Math.Min(piece.End, tdmr.Range.End));
            if (!inside.IsEmpty && !IsCoveredBefore(facts, tdmr.Base, inside))
                return Verdict.Holds;
        }

        return Verdict.BrokenAt(tdmr.Range);
    };

    internal static Verdict OnTdmrs(CaseFacts facts, TdmrRule rule)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs))
            return Verdict.NotObservable;

        var tdmrs = facts.Tdmrs;
        for (var i = 0; i < tdmrs.Length; i++)
        {
            var verdict = rule(facts, tdmrs[i], tdmrs[Math.Max(i - 1, 0)], i == 0);
            if (verdict.IsBroken)
                return verdict.At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static bool IsCoveredBefore(CaseFacts facts, ulong tdmrBase, AddressRange inside)
    {
        foreach (ref readonly var earlier in facts.Tdmrs)
        {
            if (earlier.Base == tdmrBase)
                return false;

            if (earlier.Range.Contains(inside))
                return true;
        }

        return false;
    }

    private static Verdict CoverMemory(CaseFacts facts) =>
        !facts.HasConfig || !facts.Sees(Observes.Tdmrs | Observes.Memblock)
        ? Verdict.NotObservable
        : Verdict.BrokenUnlessEmpty(facts.Pages.Eligible.FirstOutside(facts.Pages.Covered)).At(facts.EnableStep + 1);

    private static Verdict AreThoseExpected(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs | Observes.Memblock))
            return Verdict.NotObservable;

        var expected = facts.Demand.Tdmrs;
        var tdmrs = facts.Tdmrs;
        for (var i = 0; i < Math.Max(expected.Length, tdmrs.Length); i++)
        {
            if (i >= tdmrs.Length)
                return Verdict.BrokenAt(expected[i], expected[i].Start).At(facts.EnableStep + 1);

            if (i >= expected.Length || tdmrs[i].Range != expected[i])
            {
                return Verdict.BrokenAt(tdmrs[i].Range, i < expected.Length ? expected[i].End : 0, tdmrs[i].Range.End)
                    .At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict StayWithinLimits(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs))
            return Verdict.NotObservable;

        var limits = facts.Scenario.Machine.Limits;
        var given = facts.Events[facts.ConfigEvent].Seamcall.Rdx;
        if (given > limits.MaxTdmrs)
            return Verdict.BrokenBy(limits.MaxTdmrs, given).At(facts.EnableStep + 1);

        var verdict = AreasWithin(facts.Trace.Configured, limits.MaxReservedPerTdmr);
        return verdict.IsBroken
            || !facts.Succeeded
                ? verdict.At(facts.EnableStep + 1)
                : AreasWithin(facts.After.Tdmrs, limits.MaxReservedPerTdmr).At(facts.EnableStep + 1);
    }

    private static Verdict AreasWithin(TdmrTable table, int limit)
    {
        foreach (ref readonly var tdmr in table.Tdmrs)
        {
            if (tdmr.ReservedCount > limit)
                return Verdict.BrokenAt(tdmr.Range, (ulong)limit, (ulong)tdmr.ReservedCount);
        }

        return Verdict.Holds;
    }

    private static Verdict IsNoSpaceWhenExceeded(CaseFacts facts)
    {
        if (!facts.EnableRan || !facts.Sees(Observes.Memblock | Observes.Events))
            return Verdict.NotObservable;

        var limits = facts.Scenario.Machine.Limits;
        var isNoSpace = facts.Result == -Errno.Enospc;
        if (!isNoSpace && !facts.HasConfig)
            return Verdict.NotObservable;

        var tooMany = facts.Demand.Tdmrs.Length > limits.MaxTdmrs;
        var tooFull = facts.Demand.MaxAreas > limits.MaxReservedPerTdmr;
        if (isNoSpace == (tooMany || tooFull))
            return Verdict.Holds;

        return tooMany || (!tooFull && facts.Demand.Tdmrs.Length == limits.MaxTdmrs)
            ? Verdict.BrokenBy(limits.MaxTdmrs, (ulong)facts.Demand.Tdmrs.Length).At(facts.EnableStep + 1)
            : Verdict.BrokenAt(facts.Demand.Fullest, limits.MaxReservedPerTdmr, (ulong)facts.Demand.MaxAreas)
                .At(facts.EnableStep + 1);
    }

    private static Verdict StayAsConfigured(CaseFacts facts)
    {
        if (!facts.IsConfigured || !facts.Succeeded || !facts.Sees(Observes.Tdmrs))
            return Verdict.NotObservable;

        for (var i = facts.EnableStep + 1; i <= facts.Trace.Steps.Length; i++)
        {
            var now = facts.Trace.SnapshotAfter(i).Tdmrs;
            if (i > facts.EnableStep + 1 && now == facts.Trace.SnapshotAfter(i - 1).Tdmrs)
                continue;

            var verdict = IsSame(facts.Trace.Configured, now);
            if (verdict.IsBroken)
                return verdict.At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict IsSame(TdmrTable configured, TdmrTable now)
    {
        var before = configured.Tdmrs;
        var after = now.Tdmrs;
        for (var i = 0; i < Math.Min(before.Length, after.Length); i++)
        {
            ref readonly var then = ref before[i];
            ref readonly var later = ref after[i];
            if (then.Range == later.Range
                && (then.Pamt4K != later.Pamt4K || then.Pamt2M != later.Pamt2M || then.Pamt1G != later.Pamt1G
                || !configured.Reserved(then).SequenceEqual(now.Reserved(later))))
            {
                return Verdict.BrokenAt(then.Range, (ulong)then.ReservedCount, (ulong)later.ReservedCount);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict AreAllConfigured(CaseFacts facts)
    {
        if (!facts.Succeeded || !facts.HasConfig || !facts.Sees(Observes.Tdmrs))
            return Verdict.NotObservable;

        var given = facts.Events[facts.ConfigEvent].Seamcall.Rdx;
        var inUse = (ulong)facts.After.Tdmrs.Tdmrs.Length;
        return given == inUse ? Verdict.Holds : Verdict.BrokenBy(inUse, given).At(facts.EnableStep + 1);
    }
}
