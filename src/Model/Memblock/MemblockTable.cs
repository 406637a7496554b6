// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;

namespace TdxVerify.Model.Memblock;

/// <summary>struct memblock with the functions of mm/memblock.c that change it. All ranges are bytes, given as base and size.</summary>
public sealed class MemblockTable
{
    private readonly FreeMemorySearch _search;

    /// <summary>An empty memblock that may not grow yet.</summary>
    public MemblockTable() => _search = new FreeMemorySearch(this);

    /// <summary>What its functions do.</summary>
    public MemblockRules Rules { get; init; } = MemblockRules.Merged;

    /// <summary>memblock.memory.</summary>
    public MemblockType Memory { get; } = new("memory");

    /// <summary>memblock.reserved.</summary>
    public MemblockType Reserved { get; } = new("reserved");

    /// <summary>How an array grows.</summary>
    public ArrayGrowth Growth { get; set; }

    /// <summary>memblock.current_limit: doubled arrays lie below it.</summary>
    public ulong CurrentLimit { get; set; } = ulong.MaxValue;

    /// <summary>memblock.bottom_up.</summary>
    public bool BottomUp { get; set; }

    /// <summary>movable_node was given: hotpluggable memory is not allocated from.</summary>
    public bool MovableNode { get; set; }

    /// <summary>kernelcore=mirror was given; without it marking MIRROR does nothing.</summary>
    public bool MirroredKernelcore { get; set; }

    /// <summary>system_has_some_mirror.</summary>
    public bool HasSomeMirror { get; private set; }

    /// <summary>How often a WARN_ON of memblock_add_range() fired.</summary>
    public int Warnings { get; private set; }

    /// <summary>Back to an empty memblock.</summary>
    public void Reset()
    {
        Memory.Reset();
        Reserved.Reset();
        Growth = ArrayGrowth.Forbidden;
        CurrentLimit = ulong.MaxValue;
        BottomUp = false;
        MovableNode = false;
        MirroredKernelcore = false;
        HasSomeMirror = false;
        Warnings = 0;
    }

    /// <summary>memblock_add(): flags 0, no node.</summary>
    public MemblockResult Add(ulong start, ulong size) =>
        AddRange(Memory, start, size, PfnRange.MaxNumnodes, MemblockFlags.None);

    /// <summary>memblock_add_node().</summary>
    public MemblockResult AddNode(ulong start, ulong size, int nid, MemblockFlags flags) =>
        AddRange(Memory, start, size, nid, flags);

    /// <summary>memblock_reserve().</summary>
    public MemblockResult Reserve(ulong start, ulong size) =>
        AddRange(Reserved, start, size, PfnRange.MaxNumnodes, MemblockFlags.None);

    /// <summary>memblock_remove().</summary>
    public MemblockResult Remove(ulong start, ulong size) => RemoveRange(Memory, start, size);

    /// <summary>memblock_phys_free().</summary>
    public MemblockResult Free(ulong start, ulong size) => RemoveRange(Reserved, start, size);

    /// <summary>memblock_set_node() on either type.</summary>
    public MemblockResult SetNode(ulong start, ulong size, MemblockType type, int nid)
    {
        var result = Isolate(type, start, size, out var first, out var last);
        if (result != MemblockResult.Ok)
        {
            return result;
        }

        for (var i = first; i < last; i++)
        {
            type[i].Nid = nid;
        }

        type.Merge(first, last, Rules);
        return MemblockResult.Ok;
    }

    /// <summary>memblock_mark_hotplug().</summary>
    public MemblockResult MarkHotplug(ulong start, ulong size) => SetFlag(Memory, start, size, MemblockFlags.Hotplug, set: true);

    /// <summary>memblock_clear_hotplug().</summary>
    public MemblockResult ClearHotplug(ulong start, ulong size) => SetFlag(Memory, start, size, MemblockFlags.Hotplug, set: false);

    /// <summary>memblock_mark_nomap().</summary>
    public MemblockResult MarkNomap(ulong start, ulong size) => SetFlag(Memory, start, size, MemblockFlags.Nomap, set: true);

    /// <summary>memblock_clear_nomap().</summary>
    public MemblockResult ClearNomap(ulong start, ulong size) => SetFlag(Memory, start, size, MemblockFlags.Nomap, set: false);

    /// <summary>memblock_reserved_mark_noinit().</summary>
    public MemblockResult MarkReservedNoinit(ulong start, ulong size) =>
        SetFlag(Reserved, start, size, MemblockFlags.ReservedNoinit, set: true);

    /// <summary>memblock_mark_mirror(): does nothing without kernelcore=mirror.</summary>
    public MemblockResult MarkMirror(ulong start, ulong size)
    {
        if (!MirroredKernelcore)
        {
            return MemblockResult.Ok;
        }

        HasSomeMirror = true;
        return SetFlag(Memory, start, size, MemblockFlags.Mirror, set: true);
    }

    /// <summary>memblock_trim_memory(): rounds every memory region inward; a region that only shrinks leaves the total as it was.</summary>
    /// <param name="alignment">A power of two, in bytes.</param>
    public void Trim(ulong alignment)
    {
        for (var i = 0; i < Memory.Count; i++)
        {
            ref var region = ref Memory[i];
            var start = Pages.AlignUp(region.Base, alignment);
            var end = Pages.AlignDown(region.End, alignment);
            if (start < end)
            {
                region.Base = start;
                region.Size = end - start;
            }
            else
            {
                Memory.Remove(i--);
            }
        }
    }

    /// <summary>memblock_overlaps_region().</summary>
    public static bool Overlaps(MemblockType type, ulong start, ulong size)
    {
        size = Cap(start, size);
        foreach (ref readonly var region in type.Regions)
        {
            if (start < region.End && region.Base < start + size)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>for_each_mem_pfn_range() over all nodes, from an index on; flags don't matter.</summary>
    /// <param name="index">Region to look at first; afterwards the one to go on with.</param>
    /// <param name="range">The next region's whole pages.</param>
    /// <returns>False at the end.</returns>
    public bool NextPfnRange(ref int index, out PfnRange range)
    {
        while (index < Memory.Count)
        {
            ref readonly var region = ref Memory[index++];
            var start = Rules.RoundsOutward ? Pages.PfnDown(region.Base) : Pages.PfnUp(region.Base);
            var end = Rules.RoundsOutward ? Pages.PfnUp(region.End) : Pages.PfnDown(region.End);
            if (start < end)
            {
                range = new PfnRange(start, end, region.Nid);
                return true;
            }
        }

        range = default;
        return false;
    }

    /// <summary>All ranges of for_each_mem_pfn_range(), in order.</summary>
    public List<PfnRange> PfnRanges()
    {
        var ranges = new List<PfnRange>(Memory.Count);
        for (var i = 0; NextPfnRange(ref i, out var range);)
        {
            ranges.Add(range);
        }

        return ranges;
    }

    private static ulong Cap(ulong start, ulong size) => Math.Min(size, ulong.MaxValue - start);

    private MemblockResult AddRange(MemblockType type, ulong start, ulong size, int nid, MemblockFlags flags)
    {
        size = Cap(start, size);
        if (size == 0)
        {
            return MemblockResult.Ok;
        }

        var piece = new MemblockRegion(start, size, flags, nid);
        if (type.Count == 0)
        {
            type.SetOnly(piece);
            return MemblockResult.Ok;
        }

        var warnings = 0;

        // One pass is enough when even a new range around every region fits.
        if ((type.Count * 2) + 1 > type.Max)
        {
            var added = RangeInsertion.Count(type, piece, Rules, ref warnings);
            Warnings += warnings;
            warnings = 0;
            if (added == 0)
            {
                return MemblockResult.Ok;
            }

            while (type.Count + added > type.Max)
            {
                if (!TryDouble(type, start, size))
                {
                    return MemblockResult.NoMemory;
                }
            }
        }

        RangeInsertion.Insert(type, piece, Rules, ref warnings);
        Warnings += warnings;
        return MemblockResult.Ok;
    }

    private MemblockResult RemoveRange(MemblockType type, ulong start, ulong size)
    {
        var result = Isolate(type, start, size, out var first, out var last);
        for (var i = last - (Rules.RemovesAllButLast ? 2 : 1); i >= first; i--)
        {
            type.Remove(i);
        }

        return result;
    }

    private MemblockResult SetFlag(MemblockType type, ulong start, ulong size, MemblockFlags flag, bool set)
    {
        var result = Isolate(type, start, size, out var first, out var last);
        if (result != MemblockResult.Ok)
        {
            return result;
        }

        for (var i = first; i < last; i++)
        {
            type[i].Flags = set ? type[i].Flags | flag : type[i].Flags & ~flag;
        }

        type.Merge(first, last, Rules);
        return MemblockResult.Ok;
    }

    /// <summary>memblock_isolate_range(): splits regions at both edges; [first, last) are the indices inside, both 0 when none is.</summary>
    private MemblockResult Isolate(MemblockType type, ulong start, ulong size, out int first, out int last)
    {
        first = last = 0;
        size = Cap(start, size);
        if (size == 0)
        {
            return MemblockResult.Ok;
        }

        while (type.Count + 2 > type.Max)
        {
            if (!TryDouble(type, start, size))
            {
                return MemblockResult.NoMemory;
            }
        }

        var end = start + size;
        for (var i = 0; i < type.Count; i++)
        {
            ref var region = ref type[i];
            if (region.Base >= end)
            {
                break;
            }

            if (region.End <= start)
            {
                continue;
            }

            if (region.Base < start || (Rules.SplitsAtEdge && region.Base == start && region.Size > 0 && (i == 0 || type[i - 1].Base != start)))
            {
                Split(type, i, start);
            }
            else if (region.End > end && !Rules.IsolatesStartOnly)
            {
                Split(type, i--, end);
            }
            else
            {
                first = last == 0 ? i : first;
                last = i + 1;
            }
        }

        return MemblockResult.Ok;
    }

    private static void Split(MemblockType type, int index, ulong at)
    {
        ref var upper = ref type[index];
        var lower = upper with { Size = at - upper.Base };
        upper.Base = at;
        upper.Size -= lower.Size;
        type.TotalSize = unchecked(type.TotalSize - lower.Size);
        type.Insert(index, lower);
    }

    /// <summary>memblock_double_array(): the new array avoids the range being added to memblock.reserved.</summary>
    private bool TryDouble(MemblockType type, ulong avoidStart, ulong avoidSize)
    {
        switch (Growth)
        {
            case ArrayGrowth.Forbidden:
                throw new KernelPanicException($"memblock: cannot resize {type.Name} array");
            case ArrayGrowth.Failing:
                return false;
            case ArrayGrowth.FromSlab:
                FreeOldArray(type);
                type.Double();
                type.ArrayAddress = 0;
                return true;
        }

        var bytes = ArrayBytes(type.Max * 2);
        if (type != Reserved)
        {
            avoidStart = avoidSize = 0;
        }

        var address = _search.Find(avoidStart + avoidSize, CurrentLimit, bytes, Sizes.Page4K);
        if (address == 0 && avoidSize != 0)
        {
            address = _search.Find(0, Math.Min(avoidStart, CurrentLimit), bytes, Sizes.Page4K);
        }

        if (address == 0)
        {
            return false;
        }

        FreeOldArray(type);
        type.Double();
        type.ArrayAddress = address;
        Reserve(address, bytes);
        return true;
    }

    /// <summary>An array that came from memblock is given back; the static one is not. Called before the capacity doubles.</summary>
    private void FreeOldArray(MemblockType type)
    {
        if (type.ArrayAddress != 0)
        {
            Free(type.ArrayAddress, ArrayBytes(type.Max));
        }
    }

    private static ulong ArrayBytes(int capacity) => Pages.AlignUp((ulong)capacity * MemblockRegion.KernelSize, Sizes.Page4K);
}
