// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>One allocation: memblock_alloc_try_nid(), memblock_alloc_exact_nid_raw(),
/// memblock_phys_alloc_range().</summary>
internal readonly struct MemblockAllocation(MemblockTable memblock, FreeMemorySearch search, MemblockCall call)
{
    private const ulong CacheLine = 64;

    private int Nid => call.Kind == MemblockCallKind.PhysAlloc ? PfnRange.NoNode : call.Nid;

    /// <summary>Takes memory.</summary>
    /// <returns>Its first byte, or 0.</returns>
    public ulong Take() => call.Kind == MemblockCallKind.PhysAlloc
        ? Take(call.Address, call.Limit)
        : TakeInternal(Math.Min(call.Limit, memblock.CurrentLimit));

    /// <summary>memblock_alloc_internal(): a lower bound is a wish.</summary>
    private ulong TakeInternal(ulong limit) =>
        Take(call.Address, limit) is not 0 and var at ? at
        : call.Address != 0 ? Take(0, limit)
        : 0;

    /// <summary>memblock_alloc_range_nid().</summary>
    private ulong Take(ulong start, ulong end)
    {
        var isPatient = PfnRange.IsValidNode(Nid) && call.Kind != MemblockCallKind.AllocExact;
        for (var mirrorOnly = memblock.HasSomeMirror; ; mirrorOnly = false)
        {
            var at = TryTake(start, end, Nid, mirrorOnly);
            if (at == 0 && isPatient)
                at = TryTake(start, end, PfnRange.NoNode, mirrorOnly);

            if (at != 0 || !mirrorOnly)
                return at;
        }
    }

    private ulong TryTake(ulong start, ulong end, int nid, bool mirrorOnly)
    {
        var at = search.Find(
            start, end, call.Size, call.Alignment == 0 ? CacheLine : call.Alignment, nid, mirrorOnly);
        return at != 0 && memblock.ReserveAllocated(at, call.Size, nid) == MemblockResult.Ok ? at : 0;
    }
}
