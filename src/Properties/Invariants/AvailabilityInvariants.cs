// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family A: a machine on which TDX can work gets it.</summary>
internal sealed class AvailabilityInvariants
{
    private readonly Feasibility _table = new();

    public static IEnumerable<Invariant> All =>
    [
        new("A1",
            "when all memory is convertible, nothing is refused and some legal table exists, initialisation succeeds",
            Contract, "Documentation/arch/x86/tdx.rst; canonical/tdx issues 135, 415", Evidence.Result,
            new AvailabilityInvariants().Succeeds),
    ];

    private static bool NothingIsRefused(CaseFacts facts)
    {
        if (facts.Scenario.Faults.Seamcalls.Count > 0 || facts.Scenario.Machine.Module is { } version
            && version != ModuleVersion.V1_5)
        {
            return false;
        }

        return !facts.EventFacts.HasNull && !facts.LacksFeature && facts.Scenario.Choices.OfflineCpus == 0;
    }

    private Verdict Succeeds(CaseFacts facts)
    {
        if (!facts.EnableRan || facts.Result == 0 || !facts.Sees(Observes.Memblock | Observes.Events)
            || !NothingIsRefused(facts) || !_table.Exists(facts.Scenario.Machine, facts.Pages))
        {
            return Verdict.NotObservable;
        }

        var isFull = facts.Demand.MaxAreas > facts.Scenario.Machine.Limits.MaxReservedPerTdmr;
        return Verdict.BrokenAt(isFull ? facts.Demand.Fullest : default, 0, unchecked((ulong)facts.Result))
            .At(facts.EnableStep + 1);
    }
}
