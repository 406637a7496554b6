// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>struct memblock with the functions of mm/memblock.c that change it. All ranges are bytes, given as base
/// and size.</summary>
public sealed class MemblockTable
{
    /// <summary>How many answers of a boot are kept; native/kernel keeps as many.</summary>
    public const int MaxAnswers = 1024;

    private readonly FreeMemorySearch _search;
    private readonly ArrayDoubling _doubling;
    private readonly List<ulong> _answers = [];
    private ArrayGrowth _growth;
    private ulong _currentLimit = ulong.MaxValue;
    private bool _bottomUp;

    /// <summary>An empty memblock that may not grow yet.</summary>
    public MemblockTable()
    {
        _search = new FreeMemorySearch(this);
        _doubling = new ArrayDoubling(this, _search);
    }

    public MemblockType Memory { get; } = new("memory");
    public MemblockType Reserved { get; } = new("reserved");

    /// <summary>Where the calls are noted that change it, from the last reset on; null: nowhere.</summary>
    public List<MemblockCall>? Calls { get; init; }

    public ArrayGrowth Growth
    {
        get => _growth;
        set
        {
            _growth = value;
            Note(value == ArrayGrowth.FromSlab ? MemblockCallKind.SlabIsAvailable : MemblockCallKind.AllowResize);
        }
    }

    /// <summary>memblock.current_limit: doubled arrays lie below it.</summary>
    public ulong CurrentLimit
    {
        get => _currentLimit;
        set
        {
            _currentLimit = value;
            Note(MemblockCallKind.CurrentLimit, value);
        }
    }

    /// <summary>The array of slab that can't be had, from 1; 0: none. A reset leaves it.</summary>
    public int FailingArray { get; set; }

    public bool BottomUp
    {
        get => _bottomUp;
        set
        {
            _bottomUp = value;
            Note(MemblockCallKind.BottomUp, size: value ? 1UL : 0);
        }
    }

    /// <summary>movable_node was given: hotpluggable memory is not allocated from.</summary>
    public bool MovableNode { get; set; }

    /// <summary>kernelcore=mirror was given; without it marking MIRROR does nothing.</summary>
    public bool MirroredKernelcore { get; set; }

    /// <summary>There is MEMBLOCK_RSRV_KERN: arrays are reserved so, and who adds without flags is not
    /// warned.</summary>
    public bool MarksReservations { get; set; }

    public bool HasSomeMirror { get; private set; }

    /// <summary>What the last call returned that failed.</summary>
    public MemblockResult LastError { get; private set; }

    /// <summary>How often a WARN_ON fired.</summary>
    public int Warnings => Memory.Warnings + Reserved.Warnings;

    public void Reset()
    {
        Memory.Reset();
        Reserved.Reset();
        _growth = ArrayGrowth.Forbidden;
        _currentLimit = ulong.MaxValue;
        Calls?.Clear();
        _bottomUp = false;
        MovableNode = false;
        MirroredKernelcore = false;
        MarksReservations = false;
        HasSomeMirror = false;
        LastError = MemblockResult.Ok;
        _answers.Clear();
        _doubling.Reset();
    }

    /// <summary>memblock_add(): flags 0, no node.</summary>
    public MemblockResult Add(ulong start, ulong size) =>
        AddNode(start, size, PfnRange.MaxNumnodes, MemblockFlags.None);

    /// <summary>memblock_add_node().</summary>
    public MemblockResult AddNode(ulong start, ulong size, int nid, MemblockFlags flags)
    {
        Note(MemblockCallKind.Add, start, size, nid, flags);
        return Returned(AddRange(Memory, start, size, nid, flags));
    }

    /// <summary>memblock_reserve().</summary>
    public MemblockResult Reserve(ulong start, ulong size)
    {
        Note(MemblockCallKind.Reserve, start, size);
        return Returned(ReserveRange(start, size));
    }

    /// <summary>memblock_remove().</summary>
    public MemblockResult Remove(ulong start, ulong size)
    {
        Note(MemblockCallKind.Remove, start, size);
        return Returned(RemoveRange(Memory, start, size));
    }

    /// <summary>memblock_phys_free().</summary>
    public MemblockResult Free(ulong start, ulong size)
    {
        Note(MemblockCallKind.Free, start, size);
        return Returned(RemoveRange(Reserved, start, size));
    }

    /// <summary>memblock_set_node() on either type.</summary>
    public MemblockResult SetNode(ulong start, ulong size, MemblockType type, int nid)
    {
        Note(type == Memory ? MemblockCallKind.SetNode : MemblockCallKind.SetNodeReserved, start, size, nid);
        var result = Returned(Isolate(type, start, size, out var first, out var last));
        if (result != MemblockResult.Ok)
            return result;

        for (var i = first; i < last; i++)
            type[i].Nid = nid;

        type.Merge(first, last);
        return MemblockResult.Ok;
    }

    /// <summary>memblock_reserved_mark_noinit().</summary>
    public MemblockResult MarkNoinit(ulong start, ulong size)
    {
        Note(MemblockCallKind.MarkNoinit, start, size);
        return Returned(SetFlag(Reserved, start, size, MemblockFlags.ReservedNoinit, set: true));
    }

    /// <summary>memblock_mark_hotplug().</summary>
    public MemblockResult MarkHotplug(ulong start, ulong size) =>
        SetFlag(MemblockCallKind.MarkHotplug, start, size, MemblockFlags.Hotplug, set: true);

    /// <summary>memblock_clear_hotplug().</summary>
    public MemblockResult ClearHotplug(ulong start, ulong size) =>
        SetFlag(MemblockCallKind.ClearHotplug, start, size, MemblockFlags.Hotplug, set: false);

    /// <summary>memblock_mark_nomap().</summary>
    public MemblockResult MarkNomap(ulong start, ulong size) =>
        SetFlag(MemblockCallKind.MarkNomap, start, size, MemblockFlags.Nomap, set: true);

    /// <summary>memblock_clear_nomap().</summary>
    public MemblockResult ClearNomap(ulong start, ulong size) =>
        SetFlag(MemblockCallKind.ClearNomap, start, size, MemblockFlags.Nomap, set: false);

    /// <summary>memblock_mark_kho_scratch().</summary>
    public MemblockResult MarkKhoScratch(ulong start, ulong size) =>
        SetFlag(MemblockCallKind.MarkKhoScratch, start, size, MemblockFlags.KhoScratch, set: true);

    /// <summary>What no kernel does yet.</summary>
    public void ClearKhoScratch() => SetFlag(Memory, 0, ulong.MaxValue, MemblockFlags.KhoScratch, set: false);

    /// <summary>memblock_mark_mirror(): does nothing without kernelcore=mirror.</summary>
    public MemblockResult MarkMirror(ulong start, ulong size)
    {
        Note(MemblockCallKind.MarkMirror, start, size);
        if (!MirroredKernelcore)
            return MemblockResult.Ok;

        HasSomeMirror = true;
        return Returned(SetFlag(Memory, start, size, MemblockFlags.Mirror, set: true));
    }

    /// <summary>memblock_trim_memory(): rounds every memory region inward; a region that only shrinks leaves the total
    /// as it was.</summary>
    /// <param name="alignment">A power of two, in bytes.</param>
    public void Trim(ulong alignment)
    {
        Note(MemblockCallKind.Trim, 0, alignment);
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
                return true;
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
            var start = Pages.PfnUp(region.Base);
            var end = Pages.PfnDown(region.End);
            if (start < end)
            {
                range = new PfnRange(start, end, region.Nid);
                return true;
            }
        }

        range = default;
        return false;
    }

    /// <summary>memblock_validate_numa_coverage(): strictly more bytes without a node than a threshold fail.</summary>
    public bool ValidateNumaCoverage(ulong threshold)
    {
        ulong pages = 0;
        for (var i = 0; NextPfnRange(ref i, out var range);)
            pages += PfnRange.IsValidNode(range.Nid) ? 0 : range.Count;

        var isCovered = Pages.Address(pages) <= threshold;
        Note(MemblockCallKind.ValidateCoverage, size: threshold, nid: isCovered ? 1 : 0);
        return isCovered;
    }

    /// <summary>A call that memblock answers.</summary>
    public void Answer(in MemblockCall call)
    {
        Calls?.Add(call);
        var answer = call.Kind switch
        {
            MemblockCallKind.Overlaps => Overlaps(Memory, call.Address, call.Size) ? 1UL : 0,
            MemblockCallKind.OverlapsReserved => Overlaps(Reserved, call.Address, call.Size) ? 1UL : 0,
            MemblockCallKind.Walk => MemoryWalk.Digest(this, _search, call.Nid),
            _ => Growth == ArrayGrowth.FromSlab ? 0 : new MemblockAllocation(this, _search, call).Take(),
        };
        if (_answers.Count < MaxAnswers)
            _answers.Add(answer);
    }

    private void Note(
        MemblockCallKind kind, ulong start = 0, ulong size = 0, int nid = 0,
        MemblockFlags flags = MemblockFlags.None) =>
        Calls?.Add(new MemblockCall(kind, start, size, nid, flags));

    private MemblockResult Returned(MemblockResult result)
    {
        LastError = result == MemblockResult.Ok ? LastError : result;
        return result;
    }

    internal MemblockResult ReserveRange(ulong start, ulong size, MemblockFlags flags = MemblockFlags.None) =>
        AddRange(Reserved, start, size, MarksReservations ? PfnRange.NoNode : PfnRange.MaxNumnodes, flags);

    /// <summary>__memblock_reserve() of what was allocated: 7.x notes the node that was asked for.</summary>
    internal MemblockResult ReserveAllocated(ulong start, ulong size, int nid) =>
        MarksReservations
            ? AddRange(Reserved, start, size, nid, MemblockFlags.ReservedKern)
            : ReserveRange(start, size);

    private static ulong Cap(ulong start, ulong size) => Math.Min(size, ulong.MaxValue - start);

    private MemblockResult AddRange(MemblockType type, ulong start, ulong size, int nid, MemblockFlags flags)
    {
        size = Cap(start, size);
        if (size == 0)
            return MemblockResult.Ok;

        var piece = new MemblockRegion(start, size, flags, nid);
        if (type.Count == 0)
        {
            type.SetOnly(piece);
            return MemblockResult.Ok;
        }

        // One pass is enough when even a new range around every region fits.
        if ((type.Count * 2) + 1 > type.Max)
        {
            var added = RangeInsertion.Count(type, piece, MarksReservations);
            if (added == 0)
                return MemblockResult.Ok;

            while (type.Count + added > type.Max)
            {
                if (!_doubling.Try(type, start, size))
                    return MemblockResult.NoMemory;
            }
        }

        RangeInsertion.Insert(type, piece, MarksReservations);
        return MemblockResult.Ok;
    }

    internal MemblockResult RemoveRange(MemblockType type, ulong start, ulong size)
    {
        var result = Isolate(type, start, size, out var first, out var last);
        for (var i = last - 1; i >= first; i--)
            type.Remove(i);

        return result;
    }

    private MemblockResult SetFlag(MemblockCallKind kind, ulong start, ulong size, MemblockFlags flag, bool set)
    {
        Note(kind, start, size);
        return Returned(SetFlag(Memory, start, size, flag, set));
    }

    private MemblockResult SetFlag(MemblockType type, ulong start, ulong size, MemblockFlags flag, bool set)
    {
        var result = Isolate(type, start, size, out var first, out var last);
        if (result != MemblockResult.Ok)
            return result;

        for (var i = first; i < last; i++)
            type[i].Flags = set ? type[i].Flags | flag : type[i].Flags & ~flag;

        type.Merge(first, last);
        return MemblockResult.Ok;
    }

    /// <summary>memblock_isolate_range(): splits regions at both edges; [first, last) are the indices inside, both 0
    /// when none is.</summary>
    private MemblockResult Isolate(MemblockType type, ulong start, ulong size, out int first, out int last)
    {
        first = last = 0;
        size = Cap(start, size);
        if (size == 0)
            return MemblockResult.Ok;

        while (type.Count + 2 > type.Max)
        {
            if (!_doubling.Try(type, start, size))
                return MemblockResult.NoMemory;
        }

        RangeIsolation.Isolate(type, start, start + size, out first, out last);
        return MemblockResult.Ok;
    }

    /// <summary>Shows both arrays, and what went wrong.</summary>
    public void Capture(Snapshot snapshot)
    {
        foreach (ref readonly var region in Memory.Regions)
            snapshot.Add(region);

        foreach (ref readonly var region in Reserved.Regions)
            snapshot.AddReserved(region);

        if (Memory.ArrayAddress != 0)
            snapshot.AddArray(Memory.Array);

        if (Reserved.ArrayAddress != 0)
            snapshot.AddArray(Reserved.Array);

        foreach (var answer in _answers)
            snapshot.AddAnswer(answer);

        (snapshot.MemoryBytes, snapshot.ReservedBytes) = (Memory.TotalSize, Reserved.TotalSize);
        (snapshot.MemblockWarnings, snapshot.MemblockErrno) = (Warnings, (int)LastError);
    }
}
