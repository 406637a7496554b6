// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family H, as far as the notifier goes: which memory may go online.</summary>
internal static class OnlineInvariants
{
    private const ulong Refused = unchecked((ulong)-Errno.Eperm);

    public static IEnumerable<Invariant> All =>
    [
        new("H1", "while TDX is on, no page outside tdx_memlist goes online", Safety, "tdx_memory_notifier()",
            Evidence.Result, static v => OnOnline(v, StaysInList)),
        new("H2", "before initialisation and after a failed one, any memory may go online", Contract,
            "tdx_memory_notifier(): an empty list means that TDX is off", Evidence.Result,
            static v => OnOnline(v, AnythingGoesWithoutTdx)),
        new("H3", "a range inside one entry of tdx_memlist may go online", Contract, "is_tdx_memory()",
            Evidence.Result, static v => OnOnline(v, InOneEntryGoes)),
        new("H4", "a range across entries of tdx_memlist does not go online", AsMerged, "is_tdx_memory()",
            Evidence.Result, static v => OnOnline(v, AcrossEntriesStays)) { About = MergedChoices.OneEntryOnline },
    ];

    private delegate Verdict OnlineRule(CaseFacts facts, int index, AddressRange range, int result);

    private static readonly OnlineRule StaysInList = static (facts, index, range, result) =>
        IsOn(facts, index) && result == 0
            && !facts.Pages.Listed.Contains(range) ? Verdict.BrokenAt(range, Refused, 0) : Verdict.Holds;

    private static readonly OnlineRule AnythingGoesWithoutTdx = static (facts, index, range, result) =>
        !IsOn(facts, index) && result != 0 ? Verdict.BrokenAt(range, 0, unchecked((ulong)result)) : Verdict.Holds;

    private static readonly OnlineRule InOneEntryGoes = static (facts, index, range, result) =>
        IsOn(facts, index) && result != 0
            && IsInOneEntry(facts, range) ? Verdict.BrokenAt(range, 0, unchecked((ulong)result)) : Verdict.Holds;

    private static readonly OnlineRule AcrossEntriesStays = static (facts, index, range, result) =>
        IsOn(facts, index) && result == 0 && !IsInOneEntry(facts, range) && facts.Pages.Listed.Contains(range)
            ? Verdict.BrokenAt(range, Refused, 0)
            : Verdict.Holds;

    private static bool IsOn(CaseFacts facts, int index) => facts.Succeeded && index > facts.EnableStep;

    private static bool IsInOneEntry(CaseFacts facts, AddressRange range)
    {
        foreach (ref readonly var entry in facts.After.Memlist)
        {
            if (entry.Bytes.Contains(range))
                return true;
        }

        return false;
    }

    private static Verdict OnOnline(CaseFacts facts, OnlineRule rule)
    {
        if (!facts.Sees(Observes.Memlist))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            var verdict = steps[i].Step.Kind == StepKind.GoingOnline
                ? OnRange(facts, i, steps[i].Step.Pfn, steps[i].Step.Count, steps[i].Result, rule)
                : steps[i].Step.IsHotplug ? OnBlocks(facts, i, rule) : Verdict.Holds;
            if (verdict.IsBroken)
                return verdict.At(i + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict OnRange(CaseFacts facts, int index, ulong start, ulong pages, int result, OnlineRule rule)
    {
        var range = AddressRange.OfSize(Pages.Address(start), Pages.Address(pages));
        return range.IsEmpty ? Verdict.Holds : rule(facts, index, range, result);
    }

    /// <summary>Memory blocks of a step that asked to come online.</summary>
    private static Verdict OnBlocks(CaseFacts facts, int index, OnlineRule rule)
    {
        var step = facts.Trace.Steps[index];
        foreach (ref readonly var e in facts.Events[step.FirstEvent..step.EndEvent])
        {
            if (step.Owns(e) && e.IsNotification(MemoryAction.GoingOnline)
                && OnRange(facts, index, e.Notification.Pfn, e.Notification.Count, e.Notification.Errno, rule) is
                { IsBroken: true } verdict)
            {
                return verdict;
            }
        }

        return Verdict.Holds;
    }
}
