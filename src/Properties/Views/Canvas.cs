// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;

namespace TdxVerify.Properties.Views;

/// <summary>
/// Memory painted piece by piece: what each byte is after a list of changes, found by cutting at every edge and colouring
/// the pieces. It shares no idea with memblock's arrays, so that it can judge them.
/// </summary>
public sealed class Canvas
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

    /// <summary>Becomes the memory of a snapshot that is known to be sound.</summary>
    public void CopyFrom(Canvas other)
    {
        Clear();
        foreach (ref readonly var piece in other.Pieces)
        {
            Append(ref _pieces, ref _count, piece);
        }
    }

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

        _nextCount = 0;
        var at = start;
        for (var i = 0; i < _count; i++)
        {
            ref readonly var piece = ref _pieces[i];
            var left = new AddressRange(piece.Range.Start, Math.Min(piece.Range.End, start));
            var middle = new AddressRange(Math.Max(piece.Range.Start, start), Math.Min(piece.Range.End, end));
            var right = new AddressRange(Math.Max(piece.Range.Start, end), piece.Range.End);
            Emit(piece with { Range = left });
            if (change == Change.Fill && piece.Range.Start >= at && at < end)
            {
                Emit(new MemoryRegion(new AddressRange(at, Math.Min(piece.Range.Start, end)), nid, flags));
            }

            at = piece.Range.End > at ? piece.Range.End : at;
            Emit(Recoloured(piece with { Range = middle }, change, nid, flags));
            Emit(piece with { Range = right });
        }

        if (change == Change.Fill)
        {
            Emit(new MemoryRegion(new AddressRange(at, end), nid, flags));
        }

        (_pieces, _next) = (_next, _pieces);
        _count = _nextCount;
    }

    /// <summary>Rounds every piece inward to whole pages.</summary>
    public void RoundInward()
    {
        _nextCount = 0;
        for (var i = 0; i < _count; i++)
        {
            var piece = _pieces[i];
            var whole = new AddressRange(Pages.AlignUp(piece.Range.Start, Sizes.Page4K), Pages.AlignDown(piece.Range.End, Sizes.Page4K));
            Emit(piece with { Range = whole });
        }

        (_pieces, _next) = (_next, _pieces);
        _count = _nextCount;
    }

    private static MemoryRegion Recoloured(MemoryRegion piece, Change change, int nid, uint flags) => change switch
    {
        Change.Erase => piece with { Range = default },
        Change.SetNode => piece with { Nid = nid },
        Change.SetFlag => piece with { Flags = piece.Flags | flags },
        Change.ClearFlag => piece with { Flags = piece.Flags & ~flags },
        _ => piece,
    };

    private static void Append(ref MemoryRegion[] pieces, ref int count, in MemoryRegion piece)
    {
        if (count == pieces.Length)
        {
            Array.Resize(ref pieces, 2 * count);
        }

        pieces[count++] = piece;
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
