// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>memblock_find_in_range() and what it calls: where memblock would place an allocation, or an array of its
/// own, before slab is up.</summary>
internal sealed class FreeMemorySearch(MemblockTable memblock)
{
    private readonly List<MemblockRegion> _free = [];

    /// <summary>An aligned address in [start, end) of memory that is not reserved, or 0; never the first
    /// page.</summary>
    public ulong Find(ulong start, ulong end, ulong size, ulong alignment)
    {
        var found = Find(start, end, size, alignment, PfnRange.NoNode, memblock.HasSomeMirror);
        return found == 0 && memblock.HasSomeMirror
            ? Find(start, end, size, alignment, PfnRange.NoNode, mirrorOnly: false)
            : found;
    }

    /// <summary>memblock_find_in_range_node().</summary>
    public ulong Find(ulong start, ulong end, ulong size, ulong alignment, int nid, bool mirrorOnly)
    {
        // MEMBLOCK_ALLOC_ACCESSIBLE is 0, and memblock_double_array() means 0; 1 is MEMBLOCK_ALLOC_NOLEAKTRACE.
        end = end <= 1 ? memblock.CurrentLimit : end;
        start = Math.Max(start, Sizes.Page4K);
        end = Math.Max(start, end);
        var found = 0UL;
        foreach (var free in FreeRegions(nid, mirrorOnly))
        {
            var low = Math.Clamp(free.Base, start, end);
            var high = Math.Clamp(free.End, start, end);
            if (memblock.BottomUp)
            {
                var candidate = Pages.AlignUp(low, alignment);
                if (candidate < high && high - candidate >= size)
                    return candidate;
            }
            else if (high >= size && Pages.AlignDown(high - size, alignment) is var candidate && candidate >= low)
            {
                found = candidate;
            }
        }

        return found;
    }

    /// <summary>for_each_free_mem_range(), ascending: eligible memory minus reserved, cut at region edges.</summary>
    public List<MemblockRegion> FreeRegions(int nid, bool mirrorOnly = false)
    {
        _free.Clear();
        for (var i = 0; i < memblock.Memory.Count; i++)
        {
            var region = memblock.Memory[i];
            if ((PfnRange.IsValidNode(nid) && nid != region.Nid) || Skips(region.Flags, mirrorOnly))
                continue;

            var start = region.Base;
            for (var j = 0; j < memblock.Reserved.Count; j++)
            {
                var taken = memblock.Reserved[j];
                if (taken.Base > start && taken.Base < region.End)
                    _free.Add(region.On(new AddressRange(start, taken.Base)));

                if (taken.Base < region.End)
                    start = Math.Max(start, taken.End);
            }

            if (start < region.End)
                _free.Add(region.On(new AddressRange(start, region.End)));
        }

        return _free;
    }

    private bool Skips(MemblockFlags flags, bool mirrorOnly) =>
        (flags & (MemblockFlags.Nomap | MemblockFlags.DriverManaged)) != 0
        || (memblock.MovableNode && (flags & MemblockFlags.Hotplug) != 0)
        || (mirrorOnly && (flags & MemblockFlags.Mirror) == 0);
}
