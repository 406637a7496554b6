// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Facts;

/// <summary>What walks over memory must show, as the number that subjects answer with: memory without NOMAP (and what
/// drivers manage, unless it is asked for), then what of it is not reserved, each once forward and once in
/// reverse.</summary>
internal static class ExpectedWalk
{
    public static ulong Digest(RegionMap memory, RegionMap reserved, int nid)
    {
        var pieces = memory.Pieces;
        var digest = WordDigest.Start;
        foreach (var i in (ReadOnlySpan<int>)[1, -1])
        {
            for (var at = First(pieces, i); at >= 0 && at < pieces.Length; at += i)
            {
                if ((pieces[at].Flags & MemblockFlags.Nomap) == 0)
                    digest = WordDigest.With(WordDigest.With(digest, pieces[at].Base), pieces[at].End);
            }
        }

        foreach (var i in (ReadOnlySpan<int>)[1, -1])
        {
            for (var at = First(pieces, i); at >= 0 && at < pieces.Length; at += i)
            {
                if (IsOf(pieces[at], nid))
                {
                    digest = WordDigest.With(digest, i > 0 ? pieces[at].Base : pieces[at].End);
                    digest = WordDigest.With(digest, unchecked((ulong)pieces[at].Nid));
                }
            }
        }

        var free = new RegionMap();
        foreach (ref readonly var piece in pieces)
        {
            if (IsOf(piece, nid))
                free.Apply(RegionMap.Change.Fill, piece.Base, piece.End, piece.Nid, piece.Flags);
        }

        foreach (ref readonly var taken in reserved.Pieces)
            free.Apply(RegionMap.Change.Erase, taken.Base, taken.End);

        foreach (var i in (ReadOnlySpan<int>)[1, -1])
        {
            for (var at = First(free.Pieces, i); at >= 0 && at < free.Pieces.Length; at += i)
            {
                digest = WordDigest.With(WordDigest.With(digest, free.Pieces[at].Base), free.Pieces[at].End);
                digest = WordDigest.With(digest, unchecked((ulong)free.Pieces[at].Nid));
            }
        }

        return digest;
    }

    private static int First(ReadOnlySpan<MemblockRegion> pieces, int step) => step > 0 ? 0 : pieces.Length - 1;

    private static bool IsOf(in MemblockRegion piece, int nid) =>
        (!PfnRange.IsValidNode(nid) || piece.Nid == nid)
        && (piece.Flags & (MemblockFlags.Nomap | MemblockFlags.DriverManaged)) == 0;
}
