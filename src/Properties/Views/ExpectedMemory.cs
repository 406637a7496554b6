// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using static TdxVerify.Properties.Views.RegionMap;

namespace TdxVerify.Properties.Views;

/// <summary>What memory a machine must have after boot and after every addition, by the meaning of its lines alone.</summary>
public sealed class ExpectedMemory
{
    private const uint Hotplug = 1;
    private const uint Mirror = 2;
    private const uint Nomap = 4;
    private const uint KhoScratch = 0x40;
    private const int Unset = -2;
    private const ulong BiosBegin = 0xa0000;

    private readonly List<RegionMap> _canvases = [new()];
    private readonly List<int> _canvasAfter = [];

    /// <summary>The memory after boot.</summary>
    public RegionMap Memory => _canvases[0];

    /// <summary>The memory after boot (0) or after a step (from 1).</summary>
    public RegionMap After(int step) => _canvases[_canvasAfter[step]];

    /// <summary>Works out the memory of a case.</summary>
    /// <returns>False where the lines don't tell it.</returns>
    internal bool TryLoad(CaseView view)
    {
        if (!TryBoot(view.Scenario.Machine))
        {
            return false;
        }

        _canvasAfter.Clear();
        _canvasAfter.Add(0);
        var now = 0;
        foreach (ref readonly var record in view.Trace.Steps)
        {
            if (record.Step.Kind == StepKind.AddMemory)
            {
                CopyLast(now++);
                Add(_canvases[now], record.Step);
            }

            _canvasAfter.Add(now);
        }

        return true;
    }

    private void CopyLast(int last)
    {
        if (last + 1 == _canvases.Count)
        {
            _canvases.Add(new RegionMap());
        }

        _canvases[last + 1].CopyFrom(_canvases[last]);
    }

    /// <summary>Works out the memory after boot.</summary>
    /// <returns>False where the lines take rules that are not stated here: overlapping entries, changes by the kernel, memmap=, an SRAT with gaps.</returns>
    public bool TryBoot(Machine machine)
    {
        Memory.Clear();
        if (machine.Options.MemoryWords.Length > 0 || machine.Options.NumaFake is not null || machine.E820Changes.Count > 0)
        {
            return false;
        }

        var isFirmware = machine.E820.Count > 0;
        if (isFirmware ? !TryFill(machine) || !TrySetNodes(machine) : machine.Srat.Count > 0)
        {
            return false;
        }

        foreach (var call in machine.MemblockOperations)
        {
            if (!TryApply(call, machine.Options.KernelcoreMirror))
            {
                return false;
            }
        }

        if (isFirmware)
        {
            Memory.Paint(Change.ClearFlag, 0, ulong.MaxValue, flags: Hotplug);
        }

        return true;
    }

    /// <summary>Hot-adds memory: what is there stays as it is.</summary>
    private static void Add(RegionMap memory, in Step step) => memory.Paint(Change.Fill, step.Address, End(step.Address, step.Size), step.Nid);

    private static ulong End(ulong start, ulong size) => start > ulong.MaxValue - size ? ulong.MaxValue : start + size;

    private bool TryFill(Machine machine)
    {
        ulong last = 0;
        foreach (var entry in machine.E820)
        {
            if (entry.Address < last || entry.End < entry.Address)
            {
                return false;
            }

            last = entry.End;
            if (entry.Type is E820Type.Ram or E820Type.ReservedKern)
            {
                Memory.Paint(Change.Fill, entry.Address, entry.End, Unset);
            }
        }

        Memory.Paint(Change.Erase, 0, Sizes.Page4K);
        Memory.Paint(Change.Erase, BiosBegin, Sizes.Mib);
        Memory.RoundInward();
        if (machine.Options.KernelcoreMirror)
        {
            foreach (var range in machine.Mirrored)
            {
                Memory.Paint(Change.SetFlag, range.Start, range.End, flags: Mirror);
            }
        }

        return Memory.Pieces.Length > 0;
    }

    private bool TrySetNodes(Machine machine)
    {
        if (machine.Options.NumaOff || machine.Options.AcpiOff || machine.Srat.Count == 0)
        {
            Memory.Paint(Change.SetNode, 0, ulong.MaxValue);
            return true;
        }

        for (var i = 0; i < machine.Srat.Count; i++)
        {
            var entry = machine.Srat[i];
            for (var j = 0; j < i; j++)
            {
                if (machine.Srat[j].Start < entry.End && entry.Start < machine.Srat[j].End)
                {
                    return false;
                }
            }

            Memory.Paint(Change.SetNode, entry.Start, entry.End, entry.Nid);
        }

        foreach (ref readonly var piece in Memory.Pieces)
        {
            if (piece.Nid == Unset)
            {
                return false;
            }
        }

        return true;
    }

    private bool TryApply(in MemblockOperation call, bool mirrored)
    {
        var end = End(call.Address, call.Size);
        switch (call.Kind)
        {
            case MemblockOperationKind.Add:
                Memory.Paint(Change.Fill, call.Address, end, call.Nid, call.Flags);
                return true;
            case MemblockOperationKind.Remove:
                Memory.Paint(Change.Erase, call.Address, end);
                return true;
            case MemblockOperationKind.SetNode:
                Memory.Paint(Change.SetNode, call.Address, end, call.Nid);
                return true;
            case MemblockOperationKind.MarkHotplug:
                Memory.Paint(Change.SetFlag, call.Address, end, flags: Hotplug);
                return true;
            case MemblockOperationKind.ClearHotplug:
                Memory.Paint(Change.ClearFlag, call.Address, end, flags: Hotplug);
                return true;
            case MemblockOperationKind.MarkNomap:
                Memory.Paint(Change.SetFlag, call.Address, end, flags: Nomap);
                return true;
            case MemblockOperationKind.ClearNomap:
                Memory.Paint(Change.ClearFlag, call.Address, end, flags: Nomap);
                return true;
            case MemblockOperationKind.MarkMirror:
                Memory.Paint(Change.SetFlag, call.Address, mirrored ? end : 0, flags: Mirror);
                return true;
            case MemblockOperationKind.MarkKhoScratch:
                Memory.Paint(Change.SetFlag, call.Address, end, flags: KhoScratch);
                return true;
            case MemblockOperationKind.Trim when call.Size == Sizes.Page4K:
                Memory.RoundInward();
                return true;
            default:
                return call.Kind is MemblockOperationKind.Reserve or MemblockOperationKind.Free;
        }
    }
}
