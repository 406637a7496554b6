// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// Moves all edges together: first every GiB that nobody uses is taken out and the edges inside each GiB close up,
/// then one gap after another is narrowed and everything above it moves down, by GiBs, by memory blocks and by pages.
///
///     |    ##   ##|       |       |  ###    |    ->    |##.##|###   |
/// </summary>
internal static class AddressPass
{
    public static void Run(Shrinker shrinker)
    {
        foreach (var step in (ulong[])[Sizes.Page4K, Sizes.Page2M, 16 * Sizes.Mib])
            shrinker.Try(s => BoundaryMap.Pack(s, step));

        Narrow(shrinker, Sizes.Page1G);
        if (shrinker.Smallest.HasHotplug)
            Narrow(shrinker, BoundaryMap.Block);

        Narrow(shrinker, Sizes.Page4K);
    }

    /// <summary>Closes gaps, which two edges don't survive: only when nothing else helps.</summary>
    public static void Close(Shrinker shrinker)
    {
        for (var i = BoundaryMap.Edges(shrinker.Smallest, Sizes.Page4K).Count - 1; i > 0; i--)
            shrinker.Try(s => BoundaryMap.Narrow(s, Sizes.Page4K, i, 0, moveAll: true));
    }

    private static void Narrow(Shrinker shrinker, ulong unit)
    {
        for (var i = BoundaryMap.Edges(shrinker.Smallest, unit).Count - 1; i >= 0; i--)
            Narrow(shrinker, unit, i);
    }

    private static void Narrow(Shrinker shrinker, ulong unit, int index)
    {
        // The first 1 MiB is special, and pages between two edges close only at the end.
        ReadOnlySpan<ulong> first = index == 0 ? [0, Sizes.Page4K, Sizes.Mib] : unit == Sizes.Page4K ? [] : [0];
        ReadOnlySpan<ulong> gaps =
            [.. first, Sizes.Page4K, Sizes.Page2M, Sizes.Page1G - Sizes.Page4K, Sizes.Page1G, 2 * Sizes.Page1G];
        ulong tooSmall = 0;
        if (unit == Sizes.Page4K)
            shrinker.Try(s => BoundaryMap.AlignDown(s, index));

        foreach (var gap in gaps)
        {
            if (Try(shrinker, unit, index, gap))
                break;

            tooSmall = gap < BoundaryMap.Gap(shrinker.Smallest, unit, index) ? gap : tooSmall;
        }

        // What has to hold something, a PAMT for instance, has a size of its own.
        while (BoundaryMap.Gap(shrinker.Smallest, unit, index) is var now && now > tooSmall + unit)
        {
            var middle = Pages.AlignDown(tooSmall + ((now - tooSmall) / 2), Sizes.Page4K);
            if (middle <= tooSmall || !Try(shrinker, unit, index, middle))
                tooSmall = Math.Max(middle, tooSmall + unit);
        }
    }

    private static bool Try(Shrinker shrinker, ulong unit, int index, ulong gap) => shrinker.TryAny(
        s => BoundaryMap.Narrow(s, unit, index, gap, moveAll: true),
        s => BoundaryMap.Narrow(s, unit, index, gap, moveAll: false));
}
