// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using static TdxVerify.Core.Addressing.RegionMap;

namespace TdxVerify.Properties.Facts;

/// <summary>What memory a machine must have after boot and after every addition, by the meaning of its lines
/// alone.</summary>
public sealed class ExpectedMemory
{
    private const int Unset = -2;
    private const ulong BiosBegin = 0xa0000;
    /// <summary>Regions in an array that has no room for one in the middle of another.</summary>
    private const int FullArray = 126;
    /// <summary>An array of 256 regions, in bytes.</summary>
    private const ulong SecondArray = 2 * Sizes.Page4K;

    private readonly List<ulong> _answers = [];
    private readonly List<RegionMap> _maps = [new()];
    private readonly List<int> _mapAfter = [];
    private ulong _limit;
    private bool _isBottomUp;
    private bool _isEarly;
    private bool _hasMirror;
    private bool _mayFillArray;

    public RegionMap Memory => _maps[0];

    /// <summary>What calls reserved and did not free, with the arrays that memblock made room for; without a node
    /// where no call gave one.</summary>
    public RegionMap Reserved { get; } = new();

    /// <summary>False where it depends on when memblock moved an array what is reserved.</summary>
    public bool IsReservedKnown { get; private set; }

    /// <summary>What memblock answers to the calls that ask it, where <see cref="IsReservedKnown"/>.</summary>
    public ReadOnlySpan<ulong> Answers => CollectionsMarshal.AsSpan(_answers);

    /// <summary>The memory after boot (0) or after a step (from 1).</summary>
    public RegionMap After(int step) => _maps[_mapAfter[step]];

    /// <summary>Works out the memory of a case.</summary>
    /// <returns>False where the lines don't tell it.</returns>
    internal bool TryLoad(Machine machine, Trace trace)
    {
        if (!TryBoot(machine))
            return false;

        var arrays = trace.HasState ? trace.SnapshotAfter(0).Arrays : default;
        IsReservedKnown = !_mayFillArray
            && (arrays.Length == 0 || !machine.MemblockCalls.Exists(static c => MayMeetArray(c)));
        foreach (var array in arrays)
        {
            Reserved.Apply(Change.Fill, array.Start, array.End, Unset);

            // The one in front of it was given back, with what else was reserved there.
            IsReservedKnown &= array.Size <= SecondArray;
        }

        _mapAfter.Clear();
        _mapAfter.Add(0);
        var now = 0;
        foreach (ref readonly var record in trace.Steps)
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
        _answers.Clear();
        (_limit, _isBottomUp, _hasMirror, _mayFillArray) = (ulong.MaxValue, false, false, false);
        if (machine.Options.MemoryWords.Length > 0 || machine.Options.NumaFake is not null
            || machine.E820Changes.Count > 0)
        {
            return false;
        }

        var isFirmware = machine.E820.Count > 0;
        if (isFirmware ? !TryFill(machine) || !TrySetNodes(machine) : machine.Srat.Count > 0)
            return false;

        _isEarly = isFirmware || machine.MemblockCalls is [{ Kind: MemblockCallKind.AllowResize }, ..];
        _hasMirror = isFirmware && machine.Options.KernelcoreMirror && machine.Mirrored.Count > 0;
        foreach (var call in machine.MemblockCalls)
        {
            if (!TryApply(call, machine.Options.KernelcoreMirror))
                return false;
        }

        if (isFirmware)
            Memory.Apply(Change.ClearFlag, 0, ulong.MaxValue, flags: MemblockFlags.Hotplug);

        return true;
    }

    private static bool MayMeetArray(in MemblockCall call) =>
        call.Kind is MemblockCallKind.Free or MemblockCallKind.MarkNoinit or MemblockCallKind.SetNodeReserved
            || call.IsAnswered;

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
            else if (entry.Type == E820Type.SoftReserved)
                Reserved.Apply(Change.Fill, entry.Address, entry.End, Unset);
        }

        Memory.Apply(Change.Erase, 0, Sizes.Page4K);
        Memory.Apply(Change.Erase, BiosBegin, Sizes.Mib);
        Memory.RoundInward();

        // reserve_real_mode().
        Reserved.Apply(Change.Fill, 0, Sizes.Mib, Unset);
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
                _hasMirror |= mirrored;
                Memory.Apply(Change.SetFlag, call.Address, mirrored ? end : 0, flags: MemblockFlags.Mirror);
                return true;
            case MemblockCallKind.MarkKhoScratch:
                Memory.Apply(Change.SetFlag, call.Address, end, flags: MemblockFlags.KhoScratch);
                return true;
            case MemblockCallKind.Trim when call.Size == Sizes.Page4K:
                Memory.RoundInward();
                return true;
            case MemblockCallKind.Reserve:
                Reserved.Apply(Change.Fill, call.Address, end, Unset);
                return true;
            case MemblockCallKind.Free:
                Reserved.Apply(Change.Erase, call.Address, end);
                return true;
            case MemblockCallKind.SetNodeReserved:
                Reserved.Apply(Change.SetNode, call.Address, end, call.Nid);
                return true;
            case MemblockCallKind.MarkNoinit:
                Reserved.Apply(Change.SetFlag, call.Address, end, flags: MemblockFlags.ReservedNoinit);
                return true;
            case MemblockCallKind.BottomUp:
                _isBottomUp = call.Size != 0;
                return true;
            case MemblockCallKind.CurrentLimit:
                _limit = call.Address;
                return true;
            case MemblockCallKind.AllowResize:
                return true;
            case MemblockCallKind.Overlaps:
                _answers.Add(Overlaps(Memory, call.Address, end));
                return true;
            case MemblockCallKind.Walk:
                _answers.Add(ExpectedWalk.Digest(Memory, Reserved, call.Nid));
                return true;
            case MemblockCallKind.OverlapsReserved:
                _answers.Add(Overlaps(Reserved, call.Address, end));
                return true;
            default:
                if (call.IsAllocation)
                    _answers.Add(_isEarly ? Allocate(call) : 0);

                return call.IsAllocation;
        }
    }

    private static ulong Overlaps(RegionMap map, ulong start, ulong end)
    {
        foreach (ref readonly var piece in map.Pieces)
        {
            if (piece.Range.Overlaps(new AddressRange(start, end)))
                return 1;
        }

        return 0;
    }

    /// <summary>Wishes that can't be had are given up: the node first, then mirrored memory, then the lower
    /// bound.</summary>
    private ulong Allocate(in MemblockCall call)
    {
        // A release may keep apart what others join.
        _mayFillArray |= Reserved.Pieces.Length + _answers.Count >= FullArray;
        var isPhysical = call.Kind == MemblockCallKind.PhysAlloc;
        var nid = isPhysical ? PfnRange.NoNode : call.Nid;
        var limit = isPhysical ? call.Limit : Math.Min(call.Limit, _limit);
        var at = Allocate(call, call.Address, limit, nid);
        return at == 0 && !isPhysical && call.Address != 0 ? Allocate(call, 0, limit, nid) : at;
    }

    private ulong Allocate(in MemblockCall call, ulong start, ulong limit, int nid)
    {
        const ulong CacheLine = 64;
        // MEMBLOCK_ALLOC_ACCESSIBLE and MEMBLOCK_ALLOC_NOLEAKTRACE.
        var end = limit <= 1 ? _limit : limit;
        var alignment = call.Alignment == 0 ? CacheLine : call.Alignment;
        var free = new FreeMemory(Memory, Reserved, _isBottomUp);
        for (var wanted = _hasMirror ? MemblockFlags.Mirror : 0; ; wanted = 0)
        {
            var at = free.Find(start, end, call.Size, alignment, nid, wanted);
            if (at == 0 && call.Kind != MemblockCallKind.AllocExact)
                at = free.Find(start, end, call.Size, alignment, PfnRange.NoNode, wanted);

            Reserved.Apply(Change.Fill, at, at == 0 ? 0 : at + call.Size, Unset);
            if (at != 0 || wanted == 0)
                return at;
        }
    }
}
