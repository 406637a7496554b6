// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// Moves all edges together: first every GiB that nobody uses is taken out and the edges inside each GiB close up, then one
/// gap after another is narrowed and everything above it moves down.
///
///     |    ##   ##|       |       |  ###    |    ->    |##.##|###   |
/// </summary>
internal static class AddressPass
{
    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        foreach (var packing in BoundaryMap.Packings)
        {
            shrinker.Try(s => BoundaryMap.TryPack(s, packing));
        }

        for (var i = BoundaryMap.Edges(shrinker.Smallest).Count - 1; i >= 0; i--)
        {
            var index = i;
            Narrow(shrinker, index);
        }
    }

    private static void Narrow(Shrinker shrinker, int index)
    {
        ReadOnlySpan<ulong> gaps = [0, Sizes.Page4K, Sizes.Page2M, Sizes.Page1G - Sizes.Page4K, Sizes.Page1G, 2 * Sizes.Page1G];
        ulong tooSmall = 0;
        foreach (var gap in gaps)
        {
            if (Try(shrinker, index, gap))
            {
                break;
            }

            tooSmall = gap < BoundaryMap.Gap(shrinker.Smallest, index) ? gap : tooSmall;
        }

        // What has to hold something, a PAMT for instance, has a size of its own.
        while (BoundaryMap.Gap(shrinker.Smallest, index) is var now && now > tooSmall + Sizes.Page4K && !shrinker.IsExhausted)
        {
            var middle = Pages.AlignDown(tooSmall + ((now - tooSmall) / 2), Sizes.Page4K);
            if (middle <= tooSmall || !Try(shrinker, index, middle))
            {
                tooSmall = Math.Max(middle, tooSmall + Sizes.Page4K);
            }
        }
    }

    private static bool Try(Shrinker shrinker, int index, ulong gap) =>
        shrinker.Try(s => BoundaryMap.TryNarrow(s, index, gap, moveAll: true)) || shrinker.Try(s => BoundaryMap.TryNarrow(s, index, gap, moveAll: false));
}
