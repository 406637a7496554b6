// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// How big a scenario is: counts compared one after another, the first that differs decides. Every count is a natural number,
/// so there is no endless row of ever smaller scenarios.
/// </summary>
public readonly struct ScenarioMeasure : IComparable<ScenarioMeasure>, IEquatable<ScenarioMeasure>
{
    private readonly UInt128[] _counts;

    private ScenarioMeasure(UInt128[] counts) => _counts = counts;

    /// <summary>Measures.</summary>
    public static ScenarioMeasure Of(Scenario scenario)
    {
        var machine = scenario.Machine;
        var faults = scenario.Faults;
        var choices = scenario.Choices;
        return new ScenarioMeasure(
        [
            (UInt128)(machine.E820.Count > 0 ? 1 : 0),
            (UInt128)machine.MemblockCalls.Count(static c => c.Kind != MemblockCallKind.Add),
            (UInt128)scenario.Steps.Count,
            (UInt128)(Faults(faults) + (choices.TdmrInitStalls ? 1 : 0)),
            (UInt128)(machine.E820.Count + machine.E820Changes.Count + machine.MemblockCalls.Count + machine.Srat.Count + machine.Mirrored.Count + machine.HotpluggableMemory.Count),
            (UInt128)CanonicalMachine.CmrRank(machine),
            (UInt128)((machine.Options == BootOptions.None ? 0 : 1) + (machine.KeyIds == KeyIdPartition.Usual ? 0 : 1) + (machine.Limits == ModuleLimits.Usual ? 0 : 1) + (machine.Features0 is null ? 0 : 1)),
            (UInt128)Choices(choices),
            Kinds(scenario),
            Sum(faults.Seamcalls, static f => (ulong)f.Nth + (ulong)f.Times + (ulong)FaultOrder.Rank(f.Leaf)) + (ulong)(faults.FailingKmalloc + faults.FailingContig + faults.FailingPagesExact),
            Addresses(scenario),
            Sum(faults.Seamcalls, static f => (ulong)FaultOrder.RankStatus(f.Status)) + (machine.KeyIds is { } keyIds ? keyIds.MktmeKeyIds + (UInt128)keyIds.TdxKeyIds : 0),
            choices.PlacementBits,
        ]);
    }

    /// <inheritdoc/>
    public int CompareTo(ScenarioMeasure other)
    {
        for (var i = 0; i < _counts.Length; i++)
        {
            if (_counts[i] != other._counts[i])
            {
                return _counts[i].CompareTo(other._counts[i]);
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public bool Equals(ScenarioMeasure other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ScenarioMeasure other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _counts.Aggregate(0, static (hash, count) => HashCode.Combine(hash, count));

    /// <summary>True when the first is the smaller one.</summary>
    public static bool operator <(ScenarioMeasure one, ScenarioMeasure other) => one.CompareTo(other) < 0;

    /// <summary>True when the first is the bigger one.</summary>
    public static bool operator >(ScenarioMeasure one, ScenarioMeasure other) => one.CompareTo(other) > 0;

    /// <summary>True when the first is not bigger.</summary>
    public static bool operator <=(ScenarioMeasure one, ScenarioMeasure other) => one.CompareTo(other) <= 0;

    /// <summary>True when the first is not smaller.</summary>
    public static bool operator >=(ScenarioMeasure one, ScenarioMeasure other) => one.CompareTo(other) >= 0;

    /// <summary>True when both are as big.</summary>
    public static bool operator ==(ScenarioMeasure one, ScenarioMeasure other) => one.Equals(other);

    /// <summary>True when one is smaller.</summary>
    public static bool operator !=(ScenarioMeasure one, ScenarioMeasure other) => !one.Equals(other);

    private static int Faults(Faults faults) =>
        (faults.FailingKmalloc > 0 ? 1 : 0) + (faults.FailingContig > 0 ? 1 : 0) + (faults.FailingPagesExact > 0 ? 1 : 0)
        + (faults.HibernationAvailable ? 1 : 0) + (faults.NotifierRegistrationErrno != 0 ? 1 : 0) + faults.Seamcalls.Count;

    private static int Choices(Choices choices) =>
        choices.Pinned.Count + (choices.RunsUnderHypervisor ? 1 : 0) + choices.Cpus - 1 + (choices.CpusPerPackage - 1) + (choices.TdmrInitStep == 0 ? 0 : 1) + (choices.PartialWriteErratum ? 0 : 1)
        + int.PopCount((int)choices.Missing) + (choices.SeamretInvalidatesVmcs ? 1 : 0)
        + (choices.Placement == PamtPlacement.Recorded ? 1000 + choices.RecordedPamts.Count : 8 * (int)choices.Placement);

    /// <summary>Nodes, flags and kinds of steps.</summary>
    private static UInt128 Kinds(Scenario scenario) =>
        Sum(scenario.Machine.MemblockCalls, static c => (ulong)(uint)c.Nid + (ulong)c.Flags)
        + Sum(scenario.Machine.Srat, static e => (ulong)(uint)e.Nid + (e.Hotplug ? 1UL : 0))
        + Sum(scenario.Steps, static s => (ulong)(uint)s.Nid + (ulong)s.Kind);

    /// <summary>Sizes count twice: of two ranges with the same end the shorter is the smaller one.</summary>
    private static UInt128 Addresses(Scenario scenario) =>
        Sum(scenario.Machine.E820, static e => e.Address) + (2 * Sum(scenario.Machine.E820, static e => e.Size))
        + Sum(scenario.Machine.MemblockCalls, static c => c.Address) + (2 * Sum(scenario.Machine.MemblockCalls, static c => c.Size))
        + Sum(scenario.Machine.Srat, static e => e.Start) + Sum(scenario.Machine.Srat, static e => e.End)
        + Sum(scenario.Machine.Mirrored, static m => m.Start) + Sum(scenario.Machine.Mirrored, static m => m.End)
        + Sum(scenario.Machine.Cmrs, static c => c.Base) + Sum(scenario.Machine.Cmrs, static c => c.Size)
        + Sum(scenario.Steps, static s => s.Address) + (2 * Sum(scenario.Steps, static s => s.Size));

    private static UInt128 Sum<T>(List<T> items, Func<T, ulong> count) => items.Aggregate(UInt128.Zero, (sum, item) => sum + count(item));
}
