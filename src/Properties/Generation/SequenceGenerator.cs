// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Steps on memory blocks: it keeps account of what should be there, so that most of them are
/// legal.</summary>
internal sealed class SequenceGenerator
{
    private const ulong Block = SequenceMachines.Block;
    private const int MaxSteps = 60;
    private const int WindowBlocks = 24;

    private static readonly OnlineType[] Types =
        [OnlineType.Online, OnlineType.OnlineKernel, OnlineType.OnlineMovable, OnlineType.OnlineMovable];
    private static readonly Isolation[] Failures = [Isolation.Unmovable, Isolation.Stuck, Isolation.Interrupted];
    private readonly List<ulong> _online = [];
    private readonly List<ulong> _offline = [];
    private readonly List<AddressRange> _added = [];
    private readonly List<AddressRange> _dimms = [];
    private ulong _window;
    private ulong _bootEnd;
    private ulong _edgeBlock;
    private int _nodes;
    private bool _hasFilesOnly;

    /// <summary>So many steps that the files of a running kernel and its machine offer: blocks, DIMMs, and perhaps the
    /// enabling of TDX.</summary>
    public void FillForGuest(ref SplitMix64 random, Scenario scenario, int steps, bool enables)
    {
        Start(scenario);
        _hasFilesOnly = true;
        var enable = enables ? random.Below(Math.Max(1, steps / 2)) : -1;
        for (var i = 0; i < steps; i++)
        {
            var step = i == enable ? Step.Enable : Next(ref random);
            if (step.Kind != StepKind.EnableTdx || enables)
                scenario.Steps.Add(step);
        }
    }

    public void Fill(ref SplitMix64 random, Scenario scenario)
    {
        Start(scenario);
        _hasFilesOnly = false;
        if (random.Chance(30))
        {
            var pinned = _edgeBlock > 0 ? _edgeBlock + Block
                : random.Chance(50) ? _window + (Block * (ulong)random.Below(WindowBlocks)) : BootBlock(ref random);
            scenario.Choices.Pinned.Add(new PinnedBlock(pinned, random.Pick<Isolation>(Failures)));
        }

        var steps = random.Chance(50) ? random.Between(2, 12) : random.Between(8, MaxSteps);
        var isReunited = random.Chance(5);
        if (isReunited)
            Reunite(ref random, scenario);

        var enable = !isReunited && random.Chance(90) ? random.Below(steps) : -1;
        for (var i = 0; i < steps; i++)
            scenario.Steps.Add(i == enable ? Step.Enable : Next(ref random));

        if ((enable >= 0 || isReunited) && random.Chance(30))
            AddGuest(ref random, scenario);

        // A scenario without a step on blocks would be about something else.
        if (!scenario.HasHotplug)
            scenario.Steps.Add(Step.Offline(BootBlock(ref random)));
    }

    /// <summary>Two ranges, of two nodes or of two drivers, are there when TDX is enabled, go, and come back as
    /// one.</summary>
    private void Reunite(ref SplitMix64 random, Scenario scenario)
    {
        var first = _window + (Block * (ulong)random.Below(WindowBlocks - 1));
        var second = first + Block;
        var other = random.Below(_nodes);
        var type = random.Pick<OnlineType>(Types);
        scenario.Steps.AddRange(
        [
            Step.OnMemory(StepKind.HotAdd, first, Block),
            Step.OnMemory(other == 0 ? StepKind.HotAddManaged : StepKind.HotAdd, second, Block, other),
            Step.Enable,
            Step.OnMemory(StepKind.OfflineAndRemove, first, Block),
            Step.OnMemory(StepKind.OfflineAndRemove, second, Block),
            Step.OnMemory(StepKind.HotAdd, first, 2 * Block, other),
            Step.Online(first, type),
            Step.Online(second, type),
        ]);
        Note(AddressRange.OfSize(first, 2 * Block), _added);
    }

    /// <summary>A guest with a policy or two, changed while it runs.</summary>
    private static void AddGuest(ref SplitMix64 random, Scenario scenario)
    {
        for (var more = random.Between(1, 3); more > 0; more--)
        {
            if (random.Chance(75))
            {
                var kind = random.Chance(75) ? StepKind.GuestPolicy : StepKind.GuestVmaPolicy;
                scenario.Steps.Add(Step.GuestPolicy(kind, (ulong)random.Between(1, 15), random.Below(2) != 0));
            }

            scenario.Steps.Add(Step.GuestPage);
        }
    }

    private void Start(Scenario scenario)
    {
        _online.Clear();
        _offline.Clear();
        _added.Clear();
        _dimms.Clear();
        _window = SequenceMachines.WindowOf(scenario.Machine);
        _bootEnd = 0;
        _nodes = 1;
        foreach (var entry in scenario.Machine.Srat)
        {
            _nodes = Math.Max(_nodes, entry.Nid + 1);
            _bootEnd = Math.Max(_bootEnd, entry.Hotplug || entry.End > Sizes.Gib4 ? 0 : entry.End);
        }

        var mirrored = scenario.Machine.Mirrored;
        _edgeBlock = mirrored.Count > 0 && mirrored[0].End < _bootEnd ? Pages.AlignDown(mirrored[0].End, Block) : 0;
        for (ulong at = Block; at < _bootEnd; at += Block)
            _online.Add(at);
    }

    private Step Next(ref SplitMix64 random)
    {
        switch (random.Below(100))
        {
            case < 24:
                return Online(ref random);
            case < 48:
                return Offline(ref random);
            case < 62 when !_hasFilesOnly:
                return Add(ref random);
            case < 70 when !_hasFilesOnly:
                return Remove(ref random);
            case < 76 when !_hasFilesOnly:
                return OfflineAndRemove(ref random);
            case < 62:
                return Plug(ref random);
            case < 76:
                return Online(ref random);
            case < 86:
                return Plug(ref random);
            case < 94:
                return Unplug(ref random);
            case < 97:
                return Step.AutoOnline((OnlineType)random.Below(4));
            default:
                return Step.Enable;
        }
    }

    /// <summary>Mostly any of them; often one inside which mirrored memory ends.</summary>
    private ulong BootBlock(ref SplitMix64 random) =>
        _edgeBlock > 0 && random.Chance(25) ? _edgeBlock : Block * random.Below(_bootEnd / Block);

    private Step Online(ref SplitMix64 random)
    {
        var type = random.Pick<OnlineType>(Types);
        if (_offline.Count == 0 || random.Chance(6))
            return Step.Online(BootBlock(ref random), type);

        var at = Take(ref random, _offline);
        _online.Add(at);
        return Step.Online(at, type);
    }

    private Step Offline(ref SplitMix64 random)
    {
        if (_online.Count == 0 || random.Chance(4))
            return Step.Offline(_window + (Block * (ulong)random.Below(WindowBlocks)));

        var at = Take(ref random, _online);
        _offline.Add(at);
        return Step.Offline(at);
    }

    private Step Add(ref SplitMix64 random)
    {
        var range = SomeRange(ref random);
        Note(range, _added);
        var kind = random.Chance(75) ? StepKind.HotAdd : StepKind.HotAddManaged;
        return Step.OnMemory(kind, range.Start, range.Size, Node(ref random));
    }

    private Step Plug(ref SplitMix64 random)
    {
        var range = SomeRange(ref random);
        Note(range, _dimms);
        return Step.OnMemory(StepKind.PlugDimm, range.Start, range.Size, Node(ref random));
    }

    private int Node(ref SplitMix64 random) => random.Chance(97) ? random.Below(_nodes) : random.Between(0, 9);

    private Step Remove(ref SplitMix64 random)
    {
        if (_added.Count == 0)
            return Step.OnMemory(StepKind.HotRemove, BootBlock(ref random), Block);

        var range = _added[random.Below(_added.Count)];
        if (random.Chance(70))
            Forget(range, _added);

        return Step.OnMemory(StepKind.HotRemove, range.Start, range.Size);
    }

    private Step OfflineAndRemove(ref SplitMix64 random)
    {
        if (_added.Count == 0 || random.Chance(35))
        {
            // Two old blocks that may come back as one range, of one node or another.
            var at = BootBlock(ref random);
            return Step.OnMemory(StepKind.OfflineAndRemove, at, Block * (ulong)random.Between(1, 2));
        }

        var range = _added[random.Below(_added.Count)];
        Forget(range, _added);
        return Step.OnMemory(StepKind.OfflineAndRemove, range.Start, range.Size);
    }

    private Step Unplug(ref SplitMix64 random)
    {
        if (_dimms.Count == 0)
            return Step.At(StepKind.UnplugDimm, _window);

        var range = _dimms[random.Below(_dimms.Count)];
        if (random.Chance(80))
            Forget(range, _dimms);

        return Step.At(StepKind.UnplugDimm, range.Start);
    }

    /// <summary>Blocks of the window, or of boot memory that was removed; now and then not whole ones.</summary>
    private AddressRange SomeRange(ref SplitMix64 random)
    {
        if (random.Chance(12))
            return AddressRange.OfSize(BootBlock(ref random), Block * (ulong)random.Between(1, 2));

        var start = _window + (Block * (ulong)random.Below(WindowBlocks));
        var size = Block * (ulong)random.Between(1, 3);
        return random.Chance(6) ? AddressRange.OfSize(start + Sizes.Page2M, size) : AddressRange.OfSize(start, size);
    }

    private void Note(AddressRange range, List<AddressRange> added)
    {
        added.Add(range);
        for (var at = range.Start; at < range.End; at += Block)
        {
            if (!_offline.Contains(at) && !_online.Contains(at))
                _offline.Add(at);
        }
    }

    private void Forget(AddressRange range, List<AddressRange> added)
    {
        added.Remove(range);
        for (var at = range.Start; at < range.End; at += Block)
        {
            _offline.Remove(at);
            _online.Remove(at);
        }
    }

    private static ulong Take(ref SplitMix64 random, List<ulong> blocks)
    {
        var index = random.Below(blocks.Count);
        var at = blocks[index];
        blocks[index] = blocks[^1];
        blocks.RemoveAt(blocks.Count - 1);
        return at;
    }
}
