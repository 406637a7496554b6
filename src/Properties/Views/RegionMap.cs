// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Properties.Views;

/// <summary>
/// Memory painted piece by piece: what each byte is after a list of changes, found by cutting at every edge and colouring
/// the pieces. It shares no idea with memblock's arrays, so that it can judge them.
/// </summary>
public sealed class RegionMap
{
    private MemoryRegion[] _pieces = new MemoryRegion[64];
    private MemoryRegion[] _next = new MemoryRegion[64];
    private int _count;
    private int _nextCount;

    /// <summary>What a change does to the bytes of its range.</summary>
    public enum Change
    {
        /// <summary>Absent bytes appear with a node and flags; present ones stay as they are.</summary>
        Fill,

        /// <summary>Bytes vanish.</summary>
        Erase,

        /// <summary>Present bytes get a node.</summary>
        SetNode,

        /// <summary>Present bytes get a flag.</summary>
        SetFlag,

        /// <summary>Present bytes lose a flag.</summary>
        ClearFlag,
    }

    /// <summary>The pieces: ascending, disjoint; touching ones differ in node or flags.</summary>
    public ReadOnlySpan<MemoryRegion> Pieces => _pieces.AsSpan(0, _count);

    /// <summary>Back to no memory.</summary>
    public void Clear() => _count = 0;

    /// <summary>Becomes another canvas.</summary>
    public void CopyFrom(RegionMap other)
    {
        _count = 0;
        Replace(0, 0, other.Pieces);
    }

    /// <summary>True when the pieces are these regions, one by one.</summary>
    public bool IsExactly(ReadOnlySpan<MemoryRegion> regions) => Pieces.SequenceEqual(regions);

    /// <summary>Makes a change on bytes [start, end).</summary>
    public void Paint(Change change, ulong start, ulong end, int nid = 0, uint flags = 0)
    {
        if (start >= end)
        {
            return;
        }

        if (_count == 0 || start > _pieces[_count - 1].Range.End)
        {
            if (change == Change.Fill)
            {
                Append(ref _pieces, ref _count, new MemoryRegion(new AddressRange(start, end), nid, flags));
            }

            return;
        }

        // Pieces that don't even touch the range stay where they are.
        var first = FirstEndingFrom(start);
        var last = first;
        while (last < _count && _pieces[last].Range.Start <= end)
        {
            last++;
        }

        var touched = _pieces.AsSpan(first, last - first);
        if (change >= Change.SetNode && AreApartInside(touched, start, end))
        {
            foreach (ref var piece in touched)
            {
                piece = Recoloured(piece, change, nid, flags);
            }
        }
        else if (change == Change.Fill || IsChanged(touched, change, nid, flags))
        {
            _nextCount = 0;
            Repaint(touched, change, start, end, nid, flags);
            Replace(first, last, _next.AsSpan(0, _nextCount));
        }
    }

    /// <summary>Rounds every piece inward to whole pages.</summary>
    public void RoundInward()
    {
        if (!HasPartOfPage())
        {
            return;
        }

        _nextCount = 0;
        foreach (ref readonly var piece in Pieces)
        {
            var whole = new AddressRange(Pages.AlignUp(piece.Range.Start, Sizes.Page4K), Pages.AlignDown(piece.Range.End, Sizes.Page4K));
            Emit(piece with { Range = whole });
        }

        Replace(0, _count, _next.AsSpan(0, _nextCount));
    }

    /// <summary>True when pieces lie in a range and don't touch each other: they can change in place.</summary>
    private static bool AreApartInside(ReadOnlySpan<MemoryRegion> pieces, ulong start, ulong end)
    {
        for (var i = 1; i < pieces.Length; i++)
        {
            if (pieces[i].Range.Start == pieces[i - 1].Range.End)
            {
                return false;
            }
        }

        return pieces.Length > 0 && pieces[0].Range.Start >= start && pieces[^1].Range.End <= end;
    }

    /// <summary>True when the change makes another piece of one of them.</summary>
    private static bool IsChanged(ReadOnlySpan<MemoryRegion> pieces, Change change, int nid, uint flags)
    {
        foreach (ref readonly var piece in pieces)
        {
            var isChanged = change switch
            {
                Change.SetNode => piece.Nid != nid,
                Change.SetFlag => (piece.Flags & flags) != flags,
                Change.ClearFlag => (piece.Flags & flags) != 0,
                _ => true,
            };
            if (isChanged)
            {
                return true;
            }
        }

        return false;
    }

    private static MemoryRegion Recoloured(in MemoryRegion piece, Change change, int nid, uint flags) => change switch
    {
        Change.Erase => piece with { Range = default },
        Change.SetNode => piece with { Nid = nid },
        Change.SetFlag => piece with { Flags = piece.Flags | flags },
        Change.ClearFlag => piece with { Flags = piece.Flags & ~flags },
        _ => piece,
    };

    private static void Append(ref MemoryRegion[] pieces, ref int count, in MemoryRegion piece)
    {
        MakeRoom(ref pieces, count + 1);
        pieces[count++] = piece;
    }

    private static void MakeRoom(ref MemoryRegion[] pieces, int needed)
    {
        if (needed > pieces.Length)
        {
            Array.Resize(ref pieces, 2 * needed);
        }
    }

    /// <summary>Cuts pieces at both edges of the range and paints what is inside.</summary>
    private void Repaint(ReadOnlySpan<MemoryRegion> pieces, Change change, ulong start, ulong end, int nid, uint flags)
    {
        var at = start;
        foreach (ref readonly var piece in pieces)
        {
            if (change == Change.Fill && piece.Range.Start > at && at < end)
            {
                Emit(new MemoryRegion(new AddressRange(at, Math.Min(piece.Range.Start, end)), nid, flags));
            }

            at = Math.Max(at, piece.Range.End);
            if (piece.Range.Start >= start && piece.Range.End <= end)
            {
                Emit(Recoloured(piece, change, nid, flags));
                continue;
            }

            var middle = new AddressRange(Math.Max(piece.Range.Start, start), Math.Min(piece.Range.End, end));
            Emit(piece with { Range = new AddressRange(piece.Range.Start, Math.Min(piece.Range.End, start)) });
            Emit(Recoloured(piece with { Range = middle }, change, nid, flags));
            Emit(piece with { Range = new AddressRange(Math.Max(piece.Range.Start, end), piece.Range.End) });
        }

        if (change == Change.Fill)
        {
            Emit(new MemoryRegion(new AddressRange(at, end), nid, flags));
        }
    }

    private int FirstEndingFrom(ulong address)
    {
        var low = 0;
        var high = _count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _pieces[middle].Range.End >= address ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private bool HasPartOfPage()
    {
        foreach (ref readonly var piece in Pieces)
        {
            if (!Pages.IsAligned(piece.Range.Start | piece.Range.End, Sizes.Page4K))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Puts pieces in the place of those from first to below last.</summary>
    private void Replace(int first, int last, ReadOnlySpan<MemoryRegion> pieces)
    {
        var end = first + pieces.Length;
        MakeRoom(ref _pieces, end + _count - last);
        _pieces.AsSpan(last, _count - last).CopyTo(_pieces.AsSpan(end));
        pieces.CopyTo(_pieces.AsSpan(first));
        _count += end - last;
    }

    private void Emit(in MemoryRegion piece)
    {
        if (piece.Range.IsEmpty)
        {
            return;
        }

        if (_nextCount > 0)
        {
            ref var last = ref _next[_nextCount - 1];
            if (last.Range.End == piece.Range.Start && last.Nid == piece.Nid && last.Flags == piece.Flags)
            {
                last = last with { Range = new AddressRange(last.Range.Start, piece.Range.End) };
                return;
            }
        }

        Append(ref _next, ref _nextCount, piece);
    }
}
