// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Model.Memblock;

/// <summary>The x86 boot, from the memory map to the memblock that TDX sees (setup_arch() to memblock_free_all()); one
/// can be run over and over.</summary>
public sealed class BootFlow
{
    private const ulong BiosBegin = 0xa0000;
    private const ulong BiosEnd = Sizes.Mib;
    /// <summary>RAM without a node that is tolerated, in bytes.</summary>
    private const ulong CoverageSlack = Sizes.Mib;

    private readonly KernelPolicy _policy;
    private readonly E820Table _e820 = new();
    private readonly NumaMemblks _blocks = new();
    private readonly BootResult _result = new();

    /// <summary>A boot of 6.12, or one by another policy.</summary>
    public BootFlow(KernelPolicy? policy = null) => _policy = policy ?? KernelPolicy.Merged;

    /// <summary>Boots a machine: empties the memblock and fills it.</summary>
    /// <returns>The same object every time: the next run overwrites it.</returns>
    /// <exception cref="KernelPanicException">The kernel would not come up.</exception>
    public BootResult Run(Machine machine, MemblockTable memblock)
    {
        memblock.Reset();
        memblock.MirroredKernelcore = machine.Options.KernelcoreMirror;
        memblock.MarksReservations = _policy.MarksReservations;
        if (machine.E820.Count == 0)
        {
            RunCalls(machine, memblock);
            return _result;
        }

        FillE820(machine, _e820);
        var maxPfn = _e820.EndOfRamPfn();
        FillMemblock(_e820, memblock);
        foreach (var range in machine.Mirrored)
            memblock.MarkMirror(range.Start, range.Size);

        // reserve_real_mode(): the list of memory does not change.
        memblock.Reserve(0, Sizes.Mib);
        _result.Nodes = InitNodes(machine, memblock, maxPfn);
        MakeCalls(machine, memblock);
        _result.TakeRanges(memblock);
        _result.MaxPfn = maxPfn;
        memblock.ClearHotplug(0, ulong.MaxValue);
        if (_policy.ClearsKhoScratch)
            memblock.ClearKhoScratch();

        // mm_core_init(): what is added later is no boot's.
        memblock.Growth = ArrayGrowth.FromSlab;
        return _result;
    }

    public static void Apply(in MemblockCall call, MemblockTable memblock)
    {
        switch (call.Kind)
        {
            case MemblockCallKind.Add:
                memblock.AddNode(call.Address, call.Size, call.Nid, call.Flags);
                break;
            case MemblockCallKind.Remove:
                memblock.Remove(call.Address, call.Size);
                break;
            case MemblockCallKind.Reserve:
                memblock.Reserve(call.Address, call.Size);
                break;
            case MemblockCallKind.Free:
                memblock.Free(call.Address, call.Size);
                break;
            case MemblockCallKind.SetNode:
                memblock.SetNode(call.Address, call.Size, memblock.Memory, call.Nid);
                break;
            case MemblockCallKind.MarkHotplug:
                memblock.MarkHotplug(call.Address, call.Size);
                break;
            case MemblockCallKind.MarkMirror:
                memblock.MarkMirror(call.Address, call.Size);
                break;
            case MemblockCallKind.MarkNomap:
                memblock.MarkNomap(call.Address, call.Size);
                break;
            case MemblockCallKind.ClearHotplug:
                memblock.ClearHotplug(call.Address, call.Size);
                break;
            case MemblockCallKind.ClearNomap:
                memblock.ClearNomap(call.Address, call.Size);
                break;
            case MemblockCallKind.Trim:
                memblock.Trim(call.Size);
                break;
            case MemblockCallKind.MarkKhoScratch:
                memblock.MarkKhoScratch(call.Address, call.Size);
                break;
            case MemblockCallKind.SetNodeReserved:
                memblock.SetNode(call.Address, call.Size, memblock.Reserved, call.Nid);
                break;
            case MemblockCallKind.MarkNoinit:
                memblock.MarkNoinit(call.Address, call.Size);
                break;
            case MemblockCallKind.BottomUp:
                memblock.BottomUp = call.Size != 0;
                break;
            case MemblockCallKind.CurrentLimit:
                memblock.CurrentLimit = call.Address;
                break;
            default:
                if (call.IsAnswered)
                    memblock.Answer(call);

                break;
        }
    }

    /// <summary>The e820 table as memblock is filled from it: the last map, the kernel's changes,
    /// trim_bios_range().</summary>
    /// <exception cref="KernelPanicException">mem= or memmap= leave fewer than two entries, or one that wraps
    /// (e820__finish_early_params()).</exception>
    public static E820Table BuildE820(Machine machine)
    {
        var table = new E820Table();
        FillE820(machine, table);
        return table;
    }

    private static void FillE820(Machine machine, E820Table table)
    {
        table.Clear();
        foreach (var entry in machine.E820)
            table.Add(entry);

        table.Sanitize();
        if (machine.Options.MemoryWords.Length > 0)
        {
            MemoryParameters.Apply(machine.Options.MemoryWords, table);
            if (!table.Sanitize())
                throw new KernelPanicException("Invalid user supplied memory map");
        }

        foreach (var change in machine.E820Changes)
            table.Apply(change);

        table.Update(0, Sizes.Page4K, E820Type.Ram, E820Type.Reserved);
        table.Remove(BiosBegin, BiosEnd - BiosBegin, E820Type.Ram);

        table.Sanitize();
    }

    /// <summary>A recorded or traced sequence of memblock calls, after slab is up, unless it says that arrays may grow
    /// from memblock.</summary>
    private void RunCalls(Machine machine, MemblockTable memblock)
    {
        var isEarly = machine.MemblockCalls is [{ Kind: MemblockCallKind.AllowResize }, ..];
        memblock.Growth = isEarly ? ArrayGrowth.FromMemblock : ArrayGrowth.FromSlab;
        MakeCalls(machine, memblock);
        if (isEarly)
            memblock.Growth = ArrayGrowth.FromSlab;

        _result.Nodes = NodeSource.MemblockCalls;
        if (machine.Srat.Count > 0)
        {
            _result.Nodes =
                InitNodes(
                    machine, memblock,
                    Pages.PfnDown(memblock.Memory.Count == 0 ? 0 : memblock.Memory.Regions[^1].End));
            memblock.ClearHotplug(0, ulong.MaxValue);
        }

        _result.TakeRanges(memblock);
        var ranges = _result.EarlyRanges;
        _result.MaxPfn = ranges.Count == 0 ? 0 : ranges[^1].End;
    }

    private static void MakeCalls(Machine machine, MemblockTable memblock)
    {
        foreach (ref readonly var operation in CollectionsMarshal.AsSpan(machine.MemblockCalls))
            Apply(operation, memblock);
    }

    /// <summary>e820__memblock_setup().</summary>
    private static void FillMemblock(E820Table e820, MemblockTable memblock)
    {
        memblock.Growth = ArrayGrowth.FromMemblock;
        memblock.CurrentLimit = BiosEnd;
        foreach (ref readonly var entry in e820.Span)
        {
            if (entry.Type == E820Type.SoftReserved)
                memblock.Reserve(entry.Address, entry.Size);
            else if (entry.Type is E820Type.Ram or E820Type.ReservedKern)
                memblock.Add(entry.Address, entry.Size);
        }

        memblock.Trim(Sizes.Page4K);
        memblock.CurrentLimit = ulong.MaxValue;
    }

    /// <summary>x86_numa_init(): the SRAT if it holds, else one node.</summary>
    private NodeSource InitNodes(Machine machine, MemblockTable memblock, ulong maxPfn)
    {
        var source = NodeSource.SingleNode;
        var fake = machine.Options.NumaFake;
        if (machine.Options.NumaOff)
        {
            source = NodeSource.TurnedOff;
        }
        else if (machine.Srat.Count > 0 && !machine.Options.AcpiOff)
        {
            source = TrySrat(machine, memblock, maxPfn, ref fake);
            if (source == NodeSource.Srat)
                return source;
        }

        ClearNodes(memblock);
        _blocks.Clear();
        _blocks.TryAdd(0, 0, Pages.Address(maxPfn));
        Finish(memblock, maxPfn, ref fake);
        return source;
    }

    private NodeSource TrySrat(Machine machine, MemblockTable memblock, ulong maxPfn, ref string? fake)
    {
        ClearNodes(memblock);
        _blocks.Clear();
        foreach (var entry in machine.Srat)
        {
            if (!_blocks.TryAdd(entry.Nid, entry.Start, entry.End)
                || (_policy.RejectsBadNode && !PfnRange.IsValidNode(entry.Nid)))
            {
                return NodeSource.SratRejected;
            }

            if (entry.Hotplug)
                memblock.MarkHotplug(entry.Start, entry.Size);
        }

        if (!Finish(memblock, maxPfn, ref fake))
            return NodeSource.SratRejected;

        return memblock.ValidateNumaCoverage(CoverageSlack) ? NodeSource.Srat : NodeSource.SratIncomplete;
    }

    /// <summary>The end of an attempt. Reading numa=fake= uses it up: a second attempt finds no number
    /// there.</summary>
    private bool Finish(MemblockTable memblock, ulong maxPfn, ref string? fake)
    {
        var within = NodeLimits(memblock, maxPfn);
        if (!_blocks.TryCleanUp(memblock, within))
            return false;

        if (fake is not null)
        {
            new NumaEmulation(memblock, within, Pages.Address(maxPfn)).Apply(fake, _blocks);
            fake = null;
        }

        _blocks.Register(memblock);
        return true;
    }

    /// <summary>What numa_cleanup_meminfo() clips nodes to: DRAM, or all of the address space that has page
    /// frames.</summary>
    private AddressRange NodeLimits(MemblockTable memblock, ulong maxPfn)
    {
        var regions = memblock.Memory.Regions;
        return _policy.NodesStartAtZero ? new AddressRange(0, Pages.Address(maxPfn))
            : regions.Length == 0 ? default
            : new AddressRange(regions[0].Base, regions[^1].End);
    }

    /// <summary>The start of every attempt in numa_memblks_init().</summary>
    private static void ClearNodes(MemblockTable memblock)
    {
        memblock.SetNode(0, ulong.MaxValue, memblock.Memory, PfnRange.NoNode);
        memblock.SetNode(0, ulong.MaxValue, memblock.Reserved, PfnRange.NoNode);
        memblock.ClearHotplug(0, ulong.MaxValue);
    }
}
