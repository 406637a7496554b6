// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// How big a scenario is: natural numbers compared one after another, the first that differs decides. How many there
/// are follows from the first ones, so no row of ever smaller scenarios is endless; two that are as big are the same.
/// </summary>
public sealed class ScenarioMeasure : IEquatable<ScenarioMeasure>
{
    private const ulong Top = 1UL << 43;

    /// <summary>One CMR around everything from 1 MiB on.</summary>
    internal static readonly Cmr FromFirstMib = new(Sizes.Mib, Top - Sizes.Mib);

    /// <summary>The same from 0 on.</summary>
    internal static readonly Cmr FromZero = new(0, Top);

    private readonly Int128[] _counts;

    private ScenarioMeasure(Int128[] counts) => _counts = counts;

    public static ScenarioMeasure Of(Scenario scenario)
    {
        var machine = scenario.Machine;
        var faults = scenario.Faults;
        var choices = scenario.Choices;
        return new ScenarioMeasure(
        [
            One(machine.E820.Count > 0),
            machine.MemblockCalls.Count(static c => c.Kind != MemblockCallKind.Add),
            scenario.Steps.Count,
            Faults(faults) + One(choices.TdmrInitStalls),
            Lines(machine),
            CmrRank(machine),
            Words(machine.Options) + One(machine.KeyIds != KeyIdPartition.Usual)
                + One(machine.Limits != ModuleLimits.Usual) + One(machine.Features0 is not null)
                + One(machine.CpuidConfigs is not null),
            Choices(choices),
            Kinds(scenario),
            Sum(faults.Seamcalls, static f => f.Nth + f.Times + FaultOrder.Rank(FaultOrder.Leaves, f.Leaf))
                + faults.FailingKmalloc + faults.FailingContig + faults.FailingPagesExact
                + faults.FailingArray + faults.FailingVmxon,
            Addresses(scenario),
            Sum(faults.Seamcalls, static f => FaultOrder.Rank(FaultOrder.Statuses, f.Status))
                + (machine.KeyIds is { } keyIds ? keyIds.MktmeKeyIds + keyIds.TdxKeyIds : 0),
            choices.PlacementBits,
            .. Details(scenario),
        ]);
    }

    /// <summary>How plain the CMRs are: one around everything from 1 MiB (0) or 0 (1), none (2), others.</summary>
    internal static int CmrRank(Machine machine) => machine.Cmrs switch
    {
        [var only] when only == FromFirstMib => 0,
        [var only] when only == FromZero => 1,
        [] => 2,
        var others => 3 + others.Count,
    };

    /// <summary>True when the first is the smaller one.</summary>
    public static bool operator <(ScenarioMeasure one, ScenarioMeasure other) => one.CompareTo(other) < 0;

    /// <summary>True when the first is the bigger one.</summary>
    public static bool operator >(ScenarioMeasure one, ScenarioMeasure other) => one.CompareTo(other) > 0;

    /// <summary>Negative when this one is smaller.</summary>
    public int CompareTo(ScenarioMeasure other) => _counts.AsSpan().SequenceCompareTo(other._counts);

    public bool Equals(ScenarioMeasure? other) => other is not null && CompareTo(other) == 0;
    public override bool Equals(object? obj) => Equals(obj as ScenarioMeasure);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var count in _counts)
            hash.Add(count);

        return hash.ToHashCode();
    }

    private static Int128 One(bool isThere) => isThere ? 1 : 0;

    private static Int128 Faults(Faults faults) =>
        One(faults.FailingKmalloc > 0) + One(faults.FailingContig > 0) + One(faults.FailingPagesExact > 0)
        + One(faults.FailingArray > 0) + One(faults.FailingVmxon > 0)
        + One(faults.HibernationAvailable) + One(faults.NotifierRegistrationErrno != 0) + faults.Seamcalls.Count;

    private static Int128 Lines(Machine machine) =>
        machine.E820.Count + machine.E820Changes.Count + machine.MemblockCalls.Count
        + machine.Srat.Count + machine.Mirrored.Count + machine.HotpluggableMemory.Count;

    private static Int128 Words(BootOptions options) =>
        One(options.NumaOff) + One(options.AcpiOff) + One(options.NumaFake is not null) + One(options.KernelcoreMirror)
        + Count(options.MemoryWords) + Count(options.HotplugWords);

    private static Int128 Count(string words) => words.Length == 0 ? 0 : words.AsSpan().Count(' ') + 1;

    private static Int128 Choices(Choices choices) =>
        choices.Pinned.Count + choices.Cpus - 1 + choices.CpusPerPackage - 1 + choices.OfflineCpus
        + int.PopCount((int)choices.Missing)
        + (8 * (int)choices.Placement) + choices.RecordedPamts.Count
        + One(choices.RunsUnderHypervisor) + One(choices.TdmrInitStep != 0) + One(!choices.PartialWriteErratum)
        + One(choices.SeamretInvalidatesVmcs) + One(choices.KvmHoldsVmx) + One(choices.TdPage is not null);

    private static Int128 Kinds(Scenario scenario) =>
        Sum(scenario.Machine.MemblockCalls, static c => (Int128)(uint)c.Nid + (ulong)c.Flags)
        + Sum(scenario.Machine.Srat, static e => (uint)e.Nid + One(e.Hotplug))
        + Sum(scenario.Steps, static s => (Int128)(uint)s.Nid + (int)s.Kind);

    /// <summary>Sizes count twice: of two ranges with the same end the shorter is the smaller one.</summary>
    private static Int128 Addresses(Scenario scenario) =>
        Sum(scenario.Machine.E820, static e => Extent(e.Address, e.Size))
        + Sum(scenario.Machine.MemblockCalls, static c => Extent(c.Address, c.Size))
        + Sum(scenario.Machine.Srat, static e => (Int128)e.Start + e.End)
        + Sum(scenario.Machine.Mirrored, static m => (Int128)m.Start + m.End)
        + Sum(scenario.Machine.Cmrs, static c => (Int128)c.Base + c.Size)
        + Sum(scenario.Steps, static s => Extent(s.Address, s.Size));

    private static Int128 Extent(Int128 start, Int128 size) => start + (2 * size);

    /// <summary>What the sums don't tell apart, in the order of the scenario; steps from the last one on.</summary>
    private static List<Int128> Details(Scenario scenario)
    {
        var (machine, faults, choices) = (scenario.Machine, scenario.Faults, scenario.Choices);
        var options = machine.Options;
        var details = new List<Int128>();
        AddWords(options.HotplugWords);
        AddWords(options.MemoryWords);
        AddWords(options.NumaFake ?? "");
        Add(One(options.NumaOff), One(options.AcpiOff), One(options.KernelcoreMirror));
        choices.Pinned.ForEach(p => Add((int)p.Isolation, p.Address));
        for (var i = scenario.Steps.Count - 1; i >= 0; i--)
            Add((int)scenario.Steps[i].Kind);

        scenario.Steps.ForEach(s => Add((int)s.Type, s.Address, s.Size, (uint)s.Nid));
        machine.MemblockCalls.ForEach(
            c => Add((int)c.Kind, c.Address, c.Size, (uint)c.Nid, (ulong)c.Flags, c.Limit, c.Alignment));
        machine.E820.ForEach(e => Add((int)e.Type, e.Address, e.Size));
        machine.E820Changes.ForEach(c => Add(c.Address, c.Size));
        machine.Srat.ForEach(e => Add(e.Start, e.End, (uint)e.Nid, (uint)e.Pxm, One(e.Hotplug)));
        machine.Mirrored.ForEach(m => Add(m.Start, m.End));
        machine.Cmrs.ForEach(c => Add(c.Base, c.Size));
        Add(machine.Limits.MaxTdmrs, machine.Limits.MaxReservedPerTdmr);
        Add(machine.Features0 ?? 0, machine.CpuidConfigs ?? 0, machine.KeyIds?.TdxKeyIds ?? 0);
        faults.Seamcalls.ForEach(f => Add(f.Leaf, f.Nth, f.Times, f.Status));
        Add(faults.FailingKmalloc, faults.FailingContig, faults.FailingPagesExact, -faults.NotifierRegistrationErrno);
        Add(faults.FailingArray, faults.FailingVmxon, -faults.VmxonErrno, One(choices.KvmHoldsVmx));
        Add(One(faults.HibernationAvailable), One(choices.TdmrInitStalls), One(choices.RunsUnderHypervisor));
        Add(choices.Cpus, choices.CpusPerPackage, choices.OfflineCpus, (int)choices.Missing);
        Add((int)choices.Placement, choices.TdmrInitStep);
        Add(One(!choices.PartialWriteErratum), One(choices.SeamretInvalidatesVmcs), choices.TdPage ?? 0);
        return details;

        void Add(params ReadOnlySpan<Int128> numbers) => details.AddRange(numbers);

        void AddWords(string words)
        {
            Add(words.Length);
            foreach (var letter in words)
                Add(letter);
        }
    }

    private static Int128 Sum<T>(List<T> items, Func<T, Int128> count)
    {
        Int128 sum = 0;
        foreach (var item in items)
            sum += count(item);

        return sum;
    }
}
