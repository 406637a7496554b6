// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Properties.Views;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family A: a machine on which TDX can work gets it.</summary>
internal sealed class AvailabilityInvariants
{
    private readonly Feasibility _table = new();

    /// <summary>The family.</summary>
    public static IEnumerable<Invariant> All =>
    [
        new("A1", "when all memory is convertible, nothing is refused and some legal table exists, initialisation succeeds", Contract, "Documentation/arch/x86/tdx.rst; canonical/tdx issues 135, 415", Evidence.Result, new AvailabilityInvariants().Succeeds),
    ];

    private static bool NothingIsRefused(CaseView view)
    {
        if (view.Scenario.Faults.Seamcalls.Count > 0 || view.Scenario.Machine.Module is { } version && version != ModuleVersion.V1_5)
        {
            return false;
        }

        return !view.Index.HasNull && !view.LacksFeature;
    }

    private Verdict Succeeds(CaseView view)
    {
        if (!view.HasRun || view.Result == 0 || !view.Sees(Observes.Memblock | Observes.Events) || !NothingIsRefused(view) || !_table.Exists(view))
        {
            return Verdict.NotObservable;
        }

        var isFull = view.Expected.MaxAreas > view.Scenario.Machine.Limits.MaxReservedPerTdmr;
        return Verdict.BrokenAt(isFull ? view.Expected.Fullest : default, 0, unchecked((ulong)view.Result)).At(view.RunStep + 1);
    }
}
