// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Facts;

/// <summary>Where an allocation of memblock must land, by the meaning of its operands alone: the highest free bytes
/// that fit, or the lowest.</summary>
internal readonly struct FreeMemory(RegionMap memory, RegionMap reserved, bool isBottomUp)
{
    private const MemblockFlags Withheld = MemblockFlags.Nomap | MemblockFlags.DriverManaged;

    /// <summary>The first byte, or 0: nothing fits in bytes [start, end). The first page is never given.</summary>
    /// <param name="nid">The node, or no valid one: any.</param>
    /// <param name="wanted">Flags that the memory must have.</param>
    public ulong Find(ulong start, ulong end, ulong size, ulong alignment, int nid, MemblockFlags wanted)
    {
        start = Math.Max(start, Sizes.Page4K);
        var best = 0UL;
        foreach (ref readonly var piece in memory.Pieces)
        {
            if ((PfnRange.IsValidNode(nid) && piece.Nid != nid) || (piece.Flags & Withheld) != 0
                || (piece.Flags & wanted) != wanted)
            {
                continue;
            }

            var window = new AddressRange(Math.Max(piece.Base, start), Math.Min(piece.End, end));
            if (window.IsEmpty)
                continue;

            var at = isBottomUp ? Lowest(window, size, alignment) : Highest(window, size, alignment);
            if (at != 0 && isBottomUp)
                return at;

            best = Math.Max(best, at);
        }

        return best;
    }

    private ulong Lowest(AddressRange window, ulong size, ulong alignment)
    {
        var at = Pages.AlignUp(window.Start, alignment);
        foreach (ref readonly var taken in reserved.Pieces)
        {
            if (!Fits(at, window, size))
                return 0;

            if (at < taken.End && taken.Base < at + size)
                at = Pages.AlignUp(taken.End, alignment);
        }

        return Fits(at, window, size) ? at : 0;
    }

    private static bool Fits(ulong at, AddressRange window, ulong size) =>
        at >= window.Start && at <= window.End && window.End - at >= size;

    private ulong Highest(AddressRange window, ulong size, ulong alignment)
    {
        var end = window.End;
        for (var i = reserved.Pieces.Length - 1; i >= 0; i--)
        {
            ref readonly var taken = ref reserved.Pieces[i];
            if (end - window.Start < size || end <= window.Start)
                return 0;

            if (taken.End > Pages.AlignDown(end - size, alignment) && taken.Base < end)
                end = Math.Min(end, taken.Base);
        }

        return end > window.Start && end - window.Start >= size
            && Pages.AlignDown(end - size, alignment) is var at && at >= window.Start
            ? at
            : 0;
    }
}
