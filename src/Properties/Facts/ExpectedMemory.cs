// SPDX-License-Identifier: MIT

using static TdxVerify.Core.Addressing.RegionMap;

namespace TdxVerify.Properties.Facts;

/// <summary>What memory a machine must have after boot and after every addition, by the meaning of its lines
/// alone.</summary>
public sealed class ExpectedMemory
{
    private const int Unset = -2;
    private const ulong BiosBegin = 0xa0000;

    private readonly List<RegionMap> _maps = [new()];
    private readonly List<int> _mapAfter = [];

    public RegionMap Memory => _maps[0];

    /// <summary>What calls reserved and did not free, where no e820 map boots.</summary>
    public RegionMap Reserved { get; } = new();

    /// <summary>The memory after boot (0) or after a step (from 1).</summary>
    public RegionMap After(int step) => _maps[_mapAfter[step]];

    /// <summary>Works out the memory of a case.</summary>
    /// <returns>False where the lines don't tell it.</returns>
    internal bool TryLoad(Machine machine, ReadOnlySpan<StepRecord> steps)
    {
        if (!TryBoot(machine))
            return false;

        _mapAfter.Clear();
        _mapAfter.Add(0);
        var now = 0;
        foreach (ref readonly var record in steps)
        {
            if (record.Step.Kind == StepKind.AddMemory)
            {
                CopyLast(now++);
                Add(_maps[now], record.Step);
            }

            _mapAfter.Add(now);
        }

        return true;
    }

    private void CopyLast(int last)
    {
        if (last + 1 == _maps.Count)
            _maps.Add(new RegionMap());

        _maps[last + 1].CopyFrom(_maps[last]);
    }

    /// <summary>Works out the memory after boot.</summary>
    /// <returns>False where the lines take rules that are not stated here: overlapping entries, changes by the kernel,
    /// memmap=, an SRAT with gaps.</returns>
    public bool TryBoot(Machine machine)
    {
        Memory.Clear();
        Reserved.Clear();
        if (machine.Options.MemoryWords.Length > 0 || machine.Options.NumaFake is not null
            || machine.E820Changes.Count > 0)
        {
            return false;
        }

        var isFirmware = machine.E820.Count > 0;
        if (isFirmware ? !TryFill(machine) || !TrySetNodes(machine) : machine.Srat.Count > 0)
            return false;

        foreach (var call in machine.MemblockCalls)
        {
            if (!TryApply(call, machine.Options.KernelcoreMirror))
                return false;
        }

        if (isFirmware)
            Memory.Apply(Change.ClearFlag, 0, ulong.MaxValue, flags: MemblockFlags.Hotplug);

        return true;
    }

    /// <summary>Hot-adds memory: what is there stays as it is.</summary>
    private static void Add(RegionMap memory, in Step step) =>
        memory.Apply(Change.Fill, step.Address, End(step.Address, step.Size), step.Nid);

    private static ulong End(ulong start, ulong size) => start > ulong.MaxValue - size ? ulong.MaxValue : start + size;

    private bool TryFill(Machine machine)
    {
        ulong last = 0;
        foreach (var entry in machine.E820)
        {
            if (entry.Address < last || entry.End < entry.Address)
                return false;

            last = entry.End;
            if (entry.Type is E820Type.Ram or E820Type.ReservedKern)
                Memory.Apply(Change.Fill, entry.Address, entry.End, Unset);
        }

        Memory.Apply(Change.Erase, 0, Sizes.Page4K);
        Memory.Apply(Change.Erase, BiosBegin, Sizes.Mib);
        Memory.RoundInward();
        if (machine.Options.KernelcoreMirror)
        {
            foreach (var range in machine.Mirrored)
                Memory.Apply(Change.SetFlag, range.Start, range.End, flags: MemblockFlags.Mirror);
        }

        return Memory.Pieces.Length > 0;
    }

    private bool TrySetNodes(Machine machine)
    {
        if (machine.Options.NumaOff || machine.Options.AcpiOff || machine.Srat.Count == 0)
        {
            Memory.Apply(Change.SetNode, 0, ulong.MaxValue);
            return true;
        }

        for (var i = 0; i < machine.Srat.Count; i++)
        {
            var entry = machine.Srat[i];
            for (var j = 0; j < i; j++)
            {
                if (machine.Srat[j].Start < entry.End && entry.Start < machine.Srat[j].End)
                    return false;
            }

            Memory.Apply(Change.SetNode, entry.Start, entry.End, entry.Nid);
        }

        foreach (ref readonly var piece in Memory.Pieces)
        {
            if (piece.Nid == Unset)
                return false;
        }

        return true;
    }

    private bool TryApply(in MemblockCall call, bool mirrored)
    {
        var end = End(call.Address, call.Size);
        switch (call.Kind)
        {
            case MemblockCallKind.Add:
                Memory.Apply(Change.Fill, call.Address, end, call.Nid, call.Flags);
                return true;
            case MemblockCallKind.Remove:
                Memory.Apply(Change.Erase, call.Address, end);
                return true;
            case MemblockCallKind.SetNode:
                Memory.Apply(Change.SetNode, call.Address, end, call.Nid);
                return true;
            case MemblockCallKind.MarkHotplug:
                Memory.Apply(Change.SetFlag, call.Address, end, flags: MemblockFlags.Hotplug);
                return true;
            case MemblockCallKind.ClearHotplug:
                Memory.Apply(Change.ClearFlag, call.Address, end, flags: MemblockFlags.Hotplug);
                return true;
            case MemblockCallKind.MarkNomap:
                Memory.Apply(Change.SetFlag, call.Address, end, flags: MemblockFlags.Nomap);
                return true;
            case MemblockCallKind.ClearNomap:
                Memory.Apply(Change.ClearFlag, call.Address, end, flags: MemblockFlags.Nomap);
                return true;
            case MemblockCallKind.MarkMirror:
                Memory.Apply(Change.SetFlag, call.Address, mirrored ? end : 0, flags: MemblockFlags.Mirror);
                return true;
            case MemblockCallKind.MarkKhoScratch:
                Memory.Apply(Change.SetFlag, call.Address, end, flags: MemblockFlags.KhoScratch);
                return true;
            case MemblockCallKind.Trim when call.Size == Sizes.Page4K:
                Memory.RoundInward();
                return true;
            case MemblockCallKind.Reserve:
                Reserved.Apply(Change.Fill, call.Address, end);
                return true;
            case MemblockCallKind.Free:
                Reserved.Apply(Change.Erase, call.Address, end);
                return true;
            default:
                return false;
        }
    }
}
