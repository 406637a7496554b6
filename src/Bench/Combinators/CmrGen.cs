// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;

namespace TdxVerify.Bench.Combinators;

/// <summary>CMRs for free-form memory: mostly around all of it, sometimes touching each other, with a gap, or
/// defective.</summary>
internal static class CmrGen
{
    private const ulong Top = 1UL << 43;

    private static readonly Gen<Piece> Pieces =
        from gibs in Gen.Choose(0, 5)
        from extra in Gen.Elements<ulong>(0, 0, Sizes.Page4K, Sizes.Page2M)
        from emptySlot in Draw.Sometimes(20, Gen.Elements<ulong?>(0, Sizes.Page4K), Gen.Constant<ulong?>(null))
        select new Piece((ulong)gibs * Sizes.Page1G, extra, emptySlot);

    private static readonly Gen<List<Cmr>> Defective =
        from length in Draw.Sometimes(30, Gen.Constant(Sizes.Gib4 + 1), Gen.Constant(Sizes.Gib4))
        let low = new Cmr(Sizes.Mib, 2 * Sizes.Page1G)
        let high = new Cmr(Sizes.Gib4, length)
        from first in Gen.Elements(low, high)
        from second in Gen.Elements(low, high)
        select new List<Cmr> { first, second };

    public static Gen<List<Cmr>> All { get; } =
        from start in Draw.Sometimes(70, Gen.Constant(Sizes.Mib), Gen.Constant(0UL))
        from cmrs in Gen.Frequency(
            (70, Gen.Fresh(() => new List<Cmr> { new(start, Top - start) })),
            (14, Touching(start, withGap: false)),
            (12, Touching(start, withGap: true)),
            (4, Defective))
        select cmrs;

    private static Gen<List<Cmr>> Touching(ulong start, bool withGap) =>
        from pieces in Gen.Choose(2, 8).SelectMany(static count => Pieces.ListOf(count))
        from gap in withGap ? Gen.Choose(0, pieces.Count - 1) : Gen.Constant(-1)
        from width in Gen.Elements(Sizes.Page4K, 128 * Sizes.Mib, Sizes.Page1G)
        select Row(start, pieces, gap, width);

    private static List<Cmr> Row(ulong at, List<Piece> pieces, int gap, ulong width)
    {
        var cmrs = new List<Cmr>();
        for (var i = 0; i < pieces.Count; i++)
        {
            var end = i == pieces.Count - 1
                ? Top
                : Pages.AlignUp(at + 1, Sizes.Page1G) + pieces[i].Size + pieces[i].Extra;
            cmrs.Add(new Cmr(at, end - at));
            if (pieces[i].EmptySlot is { } slot)
                cmrs.Add(new Cmr(slot, 0));

            at = end + (i == gap ? width : 0);
        }

        return cmrs;
    }

    private readonly record struct Piece(ulong Size, ulong Extra, ulong? EmptySlot);
}
