// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Platform;

namespace TdxVerify.Model.Memblock;

/// <summary>The x86 boot, from the memory map to the memblock that TDX sees (setup_arch() to memblock_free_all()).</summary>
public static class BootFlow
{
    private const ulong BiosBegin = 0xa0000;
    private const ulong BiosEnd = Sizes.Mib;

    /// <summary>RAM without a node that is tolerated, in bytes.</summary>
    private const ulong CoverageSlack = Sizes.Mib;

    /// <summary>Fills an empty memblock.</summary>
    public static BootResult Run(Machine machine, MemblockTable memblock)
    {
        memblock.Reset();
        memblock.MirroredKernelcore = machine.Options.KernelcoreMirror;
        if (machine.E820.Count == 0)
        {
            return RunCalls(machine, memblock);
        }

        var e820 = BuildE820(machine);
        var maxPfn = e820.EndOfRamPfn();
        FillMemblock(e820, memblock);
        foreach (var range in machine.Mirrored)
        {
            memblock.MarkMirror(range.Start, range.Size);
        }

        // reserve_real_mode(): the list of memory does not change.
        memblock.Reserve(0, Sizes.Mib);
        var nodes = InitNodes(machine, memblock, maxPfn);
        foreach (var operation in machine.MemblockOperations)
        {
            Apply(operation, memblock);
        }

        var early = memblock.PfnRanges();
        memblock.ClearHotplug(0, ulong.MaxValue);
        return new BootResult(early, nodes, maxPfn);
    }

    /// <summary>Makes one memblock call.</summary>
    public static void Apply(in MemblockOperation call, MemblockTable memblock)
    {
        switch (call.Kind)
        {
            case MemblockOperationKind.Add:
                memblock.AddNode(call.Address, call.Size, call.Nid, (MemblockFlags)call.Flags);
                break;
            case MemblockOperationKind.Remove:
                memblock.Remove(call.Address, call.Size);
                break;
            case MemblockOperationKind.Reserve:
                memblock.Reserve(call.Address, call.Size);
                break;
            case MemblockOperationKind.Free:
                memblock.Free(call.Address, call.Size);
                break;
            case MemblockOperationKind.SetNode:
                memblock.SetNode(call.Address, call.Size, memblock.Memory, call.Nid);
                break;
            case MemblockOperationKind.MarkHotplug:
                memblock.MarkHotplug(call.Address, call.Size);
                break;
            case MemblockOperationKind.MarkMirror:
                memblock.MarkMirror(call.Address, call.Size);
                break;
            case MemblockOperationKind.MarkNomap:
                memblock.MarkNomap(call.Address, call.Size);
                break;
            case MemblockOperationKind.ClearHotplug:
                memblock.ClearHotplug(call.Address, call.Size);
                break;
            case MemblockOperationKind.ClearNomap:
                memblock.ClearNomap(call.Address, call.Size);
                break;
            case MemblockOperationKind.Trim:
                memblock.Trim(call.Size);
                break;
        }
    }

    /// <summary>The e820 table as memblock is filled from it: the last map, the kernel's changes, trim_bios_range().</summary>
    /// <exception cref="KernelPanicException">mem= or memmap= leave fewer than two entries, or one that wraps (e820__finish_early_params()).</exception>
    public static E820Table BuildE820(Machine machine)
    {
        var table = new E820Table();
        foreach (var entry in machine.E820)
        {
            table.Add(entry);
        }

        table.Sanitize();
        if (machine.Options.MemoryWords.Length > 0)
        {
            MemoryParameters.Apply(machine.Options.MemoryWords, table);
            if (!table.Sanitize())
            {
                throw new KernelPanicException("Invalid user supplied memory map");
            }
        }

        foreach (var change in machine.E820Changes)
        {
            table.Apply(change);
        }

        table.Update(0, Sizes.Page4K, E820Type.Ram, E820Type.Reserved);
        table.Remove(BiosBegin, BiosEnd - BiosBegin, E820Type.Ram);
        table.Sanitize();
        return table;
    }

    /// <summary>A recorded or traced sequence of memblock calls, after slab is up.</summary>
    private static BootResult RunCalls(Machine machine, MemblockTable memblock)
    {
        memblock.Growth = ArrayGrowth.FromSlab;
        foreach (var operation in machine.MemblockOperations)
        {
            Apply(operation, memblock);
        }

        var nodes = NodeSource.MemblockCalls;
        if (machine.Srat.Count > 0)
        {
            nodes = InitNodes(machine, memblock, Pages.PfnDown(memblock.Memory.Count == 0 ? 0 : memblock.Memory.Regions[^1].End));
            memblock.ClearHotplug(0, ulong.MaxValue);
        }

        var ranges = memblock.PfnRanges();
        return new BootResult(ranges, nodes, ranges.Count == 0 ? 0 : ranges[^1].End);
    }

    /// <summary>e820__memblock_setup().</summary>
    private static void FillMemblock(E820Table e820, MemblockTable memblock)
    {
        memblock.Growth = ArrayGrowth.FromMemblock;
        memblock.CurrentLimit = BiosEnd;
        foreach (var entry in e820.Entries)
        {
            if (entry.Type == E820Type.SoftReserved)
            {
                memblock.Reserve(entry.Address, entry.Size);
            }
            else if (entry.Type is E820Type.Ram or E820Type.ReservedKern)
            {
                memblock.Add(entry.Address, entry.Size);
            }
        }

        memblock.Trim(Sizes.Page4K);
        memblock.CurrentLimit = ulong.MaxValue;
    }

    /// <summary>x86_numa_init(): the SRAT if it holds, else one node.</summary>
    private static NodeSource InitNodes(Machine machine, MemblockTable memblock, ulong maxPfn)
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
            {
                return source;
            }
        }

        ClearNodes(memblock);
        var blocks = new NumaMemblks(memblock);
        blocks.TryAdd(0, 0, Pages.Address(maxPfn));
        Finish(memblock, blocks, maxPfn, ref fake);
        return source;
    }

    private static NodeSource TrySrat(Machine machine, MemblockTable memblock, ulong maxPfn, ref string? fake)
    {
        ClearNodes(memblock);
        var blocks = new NumaMemblks(memblock);
        foreach (var entry in machine.Srat)
        {
            if (!blocks.TryAdd(entry.Nid, entry.Start, entry.End))
            {
                return NodeSource.SratRejected;
            }

            if (entry.Hotplug)
            {
                memblock.MarkHotplug(entry.Start, entry.Size);
            }
        }

        if (!Finish(memblock, blocks, maxPfn, ref fake))
        {
            return NodeSource.SratRejected;
        }

        return IsCovered(memblock) ? NodeSource.Srat : NodeSource.SratIncomplete;
    }

    /// <summary>The end of an attempt. Reading numa=fake= uses it up: a second attempt finds no number there.</summary>
    private static bool Finish(MemblockTable memblock, NumaMemblks blocks, ulong maxPfn, ref string? fake)
    {
        if (!blocks.TryCleanUp())
        {
            return false;
        }

        if (fake is not null)
        {
            new NumaEmulation(memblock, Pages.Address(maxPfn)).Apply(fake, blocks);
            fake = null;
        }

        blocks.Register();
        return true;
    }

    /// <summary>The start of every attempt in numa_memblks_init().</summary>
    private static void ClearNodes(MemblockTable memblock)
    {
        memblock.SetNode(0, ulong.MaxValue, memblock.Memory, PfnRange.NoNode);
        memblock.SetNode(0, ulong.MaxValue, memblock.Reserved, PfnRange.NoNode);
        memblock.ClearHotplug(0, ulong.MaxValue);
    }

    /// <summary>memblock_validate_numa_coverage(): strictly more than 1 MiB without a node fails.</summary>
    private static bool IsCovered(MemblockTable memblock)
    {
        ulong pages = 0;
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            pages += PfnRange.IsValidNode(range.Nid) ? 0 : range.Count;
        }

        return Pages.Address(pages) <= CoverageSlack;
    }
}
