// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>
/// A range set with layers for node and flags: what each byte is after a list of changes, found by cutting at every
/// edge and changing the pieces. It shares no idea with memblock's arrays, so that it can judge them.
/// </summary>
public sealed class RegionMap
{
    private MemblockRegion[] _pieces = new MemblockRegion[64];
    private MemblockRegion[] _next = new MemblockRegion[64];
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
    public ReadOnlySpan<MemblockRegion> Pieces => _pieces.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void CopyFrom(RegionMap other)
    {
        _count = 0;
        Replace(0, 0, other.Pieces);
    }

    /// <summary>True when the pieces are these regions, one by one.</summary>
    public bool IsExactly(ReadOnlySpan<MemblockRegion> regions) => Pieces.SequenceEqual(regions);

    /// <summary>Makes a change on bytes [start, end).</summary>
    public void Apply(Change change, ulong start, ulong end, int nid = 0, MemblockFlags flags = MemblockFlags.None)
    {
        if (start >= end)
            return;

        if (_count == 0 || start > _pieces[_count - 1].End)
        {
            if (change == Change.Fill)
                Append(ref _pieces, ref _count, new MemblockRegion(new AddressRange(start, end), nid, flags));

            return;
        }

        // Pieces that don't even touch the range stay where they are.
        var first = FirstEndingFrom(start);
        var last = first;
        while (last < _count && _pieces[last].Base <= end)
            last++;

        var touched = _pieces.AsSpan(first, last - first);
        if (change >= Change.SetNode && AreApartInside(touched, start, end))
        {
            foreach (ref var piece in touched)
                piece = Changed(piece, change, nid, flags);
        }
        else if (change == Change.Fill || IsChanged(touched, change, nid, flags))
        {
            _nextCount = 0;
            Reapply(touched, change, start, end, nid, flags);
            Replace(first, last, _next.AsSpan(0, _nextCount));
        }
    }

    /// <summary>Rounds every piece inward to whole pages.</summary>
    public void RoundInward()
    {
        if (!HasPartOfPage())
            return;

        _nextCount = 0;
        foreach (ref readonly var piece in Pieces)
        {
            var whole =
                new AddressRange(Pages.AlignUp(piece.Base, Sizes.Page4K), Pages.AlignDown(piece.End, Sizes.Page4K));
            Emit(piece.On(whole));
        }

        Replace(0, _count, _next.AsSpan(0, _nextCount));
    }

    /// <summary>True when pieces lie in a range and don't touch each other: they can change in place.</summary>
    private static bool AreApartInside(ReadOnlySpan<MemblockRegion> pieces, ulong start, ulong end)
    {
        for (var i = 1; i < pieces.Length; i++)
        {
            if (pieces[i].Base == pieces[i - 1].End)
                return false;
        }

        return pieces.Length > 0 && pieces[0].Base >= start && pieces[^1].End <= end;
    }

    /// <summary>True when the change makes another piece of one of them.</summary>
    private static bool IsChanged(ReadOnlySpan<MemblockRegion> pieces, Change change, int nid, MemblockFlags flags)
    {
        foreach (ref readonly var piece in pieces)
        {
            var isChanged = change switch
            {
                Change.SetNode => piece.Nid != nid,
                Change.SetFlag => (piece.Flags & flags) != flags,
                Change.ClearFlag => (piece.Flags & flags) != MemblockFlags.None,
                _ => true,
            };
            if (isChanged)
                return true;
        }

        return false;
    }

    private static MemblockRegion Changed(in MemblockRegion piece, Change change, int nid, MemblockFlags flags) =>
        change switch
        {
            Change.Erase => piece.On(default),
            Change.SetNode => piece with { Nid = nid },
            Change.SetFlag => piece with { Flags = piece.Flags | flags },
            Change.ClearFlag => piece with { Flags = piece.Flags & ~flags },
            _ => piece,
        };

    private static void Append(ref MemblockRegion[] pieces, ref int count, in MemblockRegion piece)
    {
        MakeRoom(ref pieces, count + 1);
        pieces[count++] = piece;
    }

    private static void MakeRoom(ref MemblockRegion[] pieces, int needed)
    {
        if (needed > pieces.Length)
            Array.Resize(ref pieces, 2 * needed);
    }

    /// <summary>Cuts pieces at both edges of the range and changes what is inside.</summary>
    private void Reapply(
        ReadOnlySpan<MemblockRegion> pieces, Change change, ulong start, ulong end, int nid, MemblockFlags flags)
    {
        var at = start;
        foreach (ref readonly var piece in pieces)
        {
            if (change == Change.Fill && piece.Base > at && at < end)
                Emit(new MemblockRegion(new AddressRange(at, Math.Min(piece.Base, end)), nid, flags));

            at = Math.Max(at, piece.End);
            if (piece.Base >= start && piece.End <= end)
            {
                Emit(Changed(piece, change, nid, flags));
                continue;
            }

            var middle = new AddressRange(Math.Max(piece.Base, start), Math.Min(piece.End, end));
            Emit(piece.On(new AddressRange(piece.Base, Math.Min(piece.End, start))));
            Emit(Changed(piece.On(middle), change, nid, flags));
            Emit(piece.On(new AddressRange(Math.Max(piece.Base, end), piece.End)));
        }

        if (change == Change.Fill)
            Emit(new MemblockRegion(new AddressRange(at, end), nid, flags));
    }

    private int FirstEndingFrom(ulong address)
    {
        var low = 0;
        var high = _count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _pieces[middle].End >= address ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private bool HasPartOfPage()
    {
        foreach (ref readonly var piece in Pieces)
        {
            if (!Pages.IsAligned(piece.Base | piece.End, Sizes.Page4K))
                return true;
        }

        return false;
    }

    /// <summary>Puts pieces in the place of those from first to below last.</summary>
    private void Replace(int first, int last, ReadOnlySpan<MemblockRegion> pieces)
    {
        var end = first + pieces.Length;
        MakeRoom(ref _pieces, end + _count - last);
        _pieces.AsSpan(last, _count - last).CopyTo(_pieces.AsSpan(end));
        pieces.CopyTo(_pieces.AsSpan(first));
        _count += end - last;
    }

    private void Emit(in MemblockRegion piece)
    {
        if (piece.Size == 0)
            return;

        if (_nextCount > 0)
        {
            ref var last = ref _next[_nextCount - 1];
            if (last.End == piece.Base && last.IsSameKind(piece))
            {
                last = last.On(new AddressRange(last.Base, piece.End));
                return;
            }
        }

        Append(ref _next, ref _nextCount, piece);
    }
}
