// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>A scenario from a log with everything that the log leaves open filled in, and said.</summary>
public sealed class CompletedScenario
{
    private readonly List<string> _notes = [];

    private CompletedScenario(Scenario scenario) => Scenario = scenario;

    public Scenario Scenario { get; }

    /// <summary>Where the memory was taken from.</summary>
    public MemorySource Source { get; private set; }

    /// <summary>What was missing and what was taken for it.</summary>
    public IReadOnlyList<string> Notes => _notes;

    public bool HasCmrs { get; private set; }

    /// <summary>The log is that of a whole boot, and the kernel never says that TDX is there.</summary>
    public bool IsNotEnabled { get; private set; }

    /// <summary>The map lacks memory that other lines show.</summary>
    public bool MapIsCut { get; private set; }

    /// <summary>Fills a scenario in; it is changed.</summary>
    /// <param name="needsFeatures">The kernel's rules ask for TDX_FEATURES0.</param>
    public static CompletedScenario Of(Scenario scenario, bool needsFeatures)
    {
        var completed = new CompletedScenario(scenario);
        completed.CompleteMemory();
        completed.CompleteNodes();
        completed.CompleteModule(needsFeatures);
        if (scenario.Steps.Count == 0)
            scenario.Steps.Add(Step.Enable);

        scenario.Choices.TdmrInitStep = 0;
        return completed;
    }

    private void CompleteMemory()
    {
        var machine = Scenario.Machine;
        if (machine.E820.Exists(static e => e.Type == E820Type.Ram))
        {
            Source = MemorySource.MemoryMap;
            ExtendCutMap();
            return;
        }

        if (machine.E820.Count > 0)
        {
            _notes.Add("the memory map is cut: it has no RAM");
            MapIsCut = true;
            KeepSoftReserved(machine);
        }

        if (machine.MemblockCalls.Count > 0)
        {
            Source = MemorySource.MemblockCalls;
            GiveNodes(machine);
            return;
        }

        TakeObserved();
    }

    /// <summary>A quoted map often ends early: convertible memory behind its end stands in for the rest.</summary>
    private void ExtendCutMap()
    {
        var machine = Scenario.Machine;
        var end = machine.E820.Max(static e => e.End);
        var beyond = machine.Cmrs.Where(c => c.Size != 0 && c.End > end)
            .Select(c => new AddressRange(Math.Max(c.Base, end), c.End)).ToList();
        var lastPfn = BootFlow.BuildE820(machine).EndOfRamPfn();
        var isConfirmed = Scenario.Observed.IsScenario
            || (Scenario.Observed.LastPfn != 0 && Scenario.Observed.LastPfn <= Pages.PfnDown(end));
        if (beyond.Count == 0 || isConfirmed)
        {
            var shownEnd = Scenario.Observed.EarlyRanges.Select(static r => r.Bytes.End).DefaultIfEmpty().Max();
            if (shownEnd > end && !isConfirmed)
            {
                _notes.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the memory map is cut at 0x{end:x}: the early memory node ranges go on to 0x{shownEnd:x}"));
                MapIsCut = true;
                KeepSoftReserved(machine);
                TakeObserved();
                return;
            }

            // The kernel removes RAM after it printed last_pfn (MTRR trimming), so only a map that is too short
            // counts.
            if (Scenario.Observed.LastPfn > lastPfn && Pages.Address(Scenario.Observed.LastPfn) > end)
            {
                _notes.Add(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the memory map is cut at 0x{end:x}: last_pfn says RAM up to "
                            + $"0x{Pages.Address(Scenario.Observed.LastPfn):x}"));
                MapIsCut = true;
            }

            return;
        }

        Source = MemorySource.MemoryMapAndCmrs;
        MapIsCut = true;
        _notes.Add(
            string.Create(
                CultureInfo.InvariantCulture,
                $"the memory map is cut at 0x{end:x}: convertible memory above stands in for RAM"));
        machine.E820.AddRange(beyond.Select(static r => new E820Entry(r.Start, r.Size, E820Type.Ram)));
    }

    private static void KeepSoftReserved(Machine machine)
    {
        machine.HotpluggableMemory.AddRange(machine.E820.Where(static e => e.Type == E820Type.SoftReserved)
            .Select(static e => new NamedRange(AddressRange.OfSize(e.Address, e.Size), "soft reserved")));
        machine.E820.Clear();
    }

    private void TakeObserved()
    {
        var observed = Scenario.Observed;
        if (observed.MemblockMemory.Count > 0)
        {
            Take(MemorySource.MemblockDump, "a dump of memblock",
                observed.MemblockMemory.Select(static r => (r.Range, r.Nid, r.Flags)));
        }
        else if (observed.EarlyRanges.Count > 0)
        {
            Take(MemorySource.EarlyRanges, "the early memory node ranges",
                observed.EarlyRanges.Select(static r => (r.Bytes, r.Nid, MemblockFlags.None)));
        }
        else if (observed.OnlineMemory.Count > 0)
        {
            Take(MemorySource.OnlineMemory, "the memory blocks that are online (holes inside a block can't be seen)",
                observed.OnlineMemory.Select(static r => (r.Bytes, r.Nid, MemblockFlags.None)));
        }
        else if (Scenario.Machine.Cmrs.Exists(static c => c.Size != 0))
        {
            Take(MemorySource.Cmrs, "convertible memory (holes that firmware takes can't be seen)",
                Scenario.Machine.Cmrs.Select(
                    static c => (AddressRange.OfSize(c.Base, c.Size), 0, MemblockFlags.None)));
        }
        else
        {
            Source = MemorySource.Nothing;
            _notes.Add("no memory map, and nothing that could stand in for one");
        }
    }

    private void Take(
        MemorySource source, string name, IEnumerable<(AddressRange Range, int Nid, MemblockFlags Flags)> ranges)
    {
        Source = source;
        _notes.Add($"no memory map: memory is taken from {name}");
        foreach (var (range, nid, flags) in ranges)
        {
            var node = PfnRange.IsValidNode(nid) ? nid : 0;
            Scenario.Machine.MemblockCalls.Add(
                new MemblockCall(MemblockCallKind.Add, range.Start, range.Size, node, flags));
        }
    }

    /// <summary>Traced calls of boot name no node, and no SRAT line does: one node then, as the kernel has
    /// it.</summary>
    private static void GiveNodes(Machine machine)
    {
        if (machine.Srat.Count == 0
            && machine.MemblockCalls.TrueForAll(
                static c => c.Kind == MemblockCallKind.Trim || !PfnRange.IsValidNode(c.Nid)))
        {
            machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.SetNode, 0, ulong.MaxValue, 0, 0));
        }
    }

    private void CompleteNodes()
    {
        var isMap = Source is MemorySource.MemoryMap or MemorySource.MemoryMapAndCmrs;
        if (isMap && Scenario.Machine.Srat.Count == 0)
            _notes.Add("no SRAT: all memory is taken to be on node 0");
    }

    private void CompleteModule(bool needsFeatures)
    {
        var machine = Scenario.Machine;
        if (machine.KeyIds is null)
        {
            IsNotEnabled = Source == MemorySource.MemoryMap && SaysNothingOfTdx(Scenario);
            machine.KeyIds = KeyIdPartition.Usual;
            Note(IsNotEnabled
                ? "no KeyID line: what is said of memory is what it would be with KeyIDs [32, 64)"
                : "no KeyID line: TDX is taken to be enabled by the BIOS with KeyIDs [32, 64)");
        }

        if (machine.Module is null)
        {
            var isOld = Scenario.Observed is { FailedLeaf: SeamcallLeaf.SysRd, FailedStatus: TdxStatus.SysNotReady };
            machine.Module = isOld ? ModuleVersion.V1_0 : ModuleVersion.V1_5;
            Note(isOld
                ? "no module version: TDH.SYS.RD before the module is ready fails like this on 1.0 alone"
                : "no module version: 1.5 is taken");
        }

        if (needsFeatures && machine.Features0 is null && machine.Module != ModuleVersion.V1_5)
        {
            var hasDynamicPamt = machine.Module == ModuleVersion.V2_0;
            machine.Features0 = MetadataField.FeatureNoRbpMod
                | (hasDynamicPamt ? MetadataField.FeatureDynamicPamt : 0);
            Note("the module is taken to report NO_RBP_MOD" + (hasDynamicPamt ? " and Dynamic PAMT" : ""));
        }

        HasCmrs = machine.Cmrs.Exists(static c => c.Size != 0);
        if (!HasCmrs && Source != MemorySource.Nothing)
            AssumeCmrs(machine);
    }

    /// <summary>A kernel that could say so, from its first line to user space.</summary>
    private static bool SaysNothingOfTdx(Scenario scenario) =>
        scenario.Observed is { ReachedUserSpace: true, MentionsTdx: false }
            && HostProfile.OfRelease(scenario.Machine.KernelRelease ?? "") is not null;

    private void Note(string assumption)
    {
        if (Source != MemorySource.Nothing)
            _notes.Add(assumption);
    }

    /// <summary>Convertible memory as firmware usually has it: from 1 MiB to the end of RAM below 4 GiB, and from 4
    /// GiB to the end of RAM.</summary>
    private void AssumeCmrs(Machine machine)
    {
        _notes.Add(Scenario.Steps.Exists(static s => s.Kind == StepKind.AddMemory)
            ? "no CMRs: all RAM from 1 MiB on, and the memory that is added, is taken to be convertible"
            : "no CMRs: all RAM from 1 MiB on is taken to be convertible");
        var memblock = new MemblockTable();
        new BootFlow().Run(machine, memblock);
        ulong lowEnd = Sizes.Mib, highEnd = Sizes.Gib4;
        foreach (var region in memblock.Memory.Regions)
            Include(region.Base, region.End);

        foreach (var added in Scenario.Steps.Where(static s => s.Kind == StepKind.AddMemory))
            Include(added.Address, AddressRange.OfSize(added.Address, added.Size).End);

        void Include(ulong start, ulong end)
        {
            lowEnd = start < Sizes.Gib4 ? Math.Max(lowEnd, Math.Min(end, Sizes.Gib4)) : lowEnd;
            highEnd = Math.Max(highEnd, end);
        }

        machine.Cmrs.Clear();
        machine.Cmrs.Add(new Cmr(Sizes.Mib, Pages.AlignUp(lowEnd, Sizes.Page4K) - Sizes.Mib));
        machine.Cmrs.Add(new Cmr(Sizes.Gib4, Pages.AlignDown(highEnd, Sizes.Page4K) - Sizes.Gib4));
    }
}
