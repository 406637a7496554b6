// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;

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
        foreach (var packing in EdgeMap.Packings)
        {
            shrinker.Try(s => EdgeMap.TryPack(s, packing));
        }

        for (var i = EdgeMap.Edges(shrinker.Smallest).Count - 1; i >= 0; i--)
        {
            var index = i;
            Narrow(shrinker, index);
        }
    }

    private static void Narrow(Shrinker shrinker, int index)
    {
        ReadOnlySpan<ulong> gaps = [0, Sizes.Page4K, Sizes.Page2M, 128 * Sizes.Mib, Sizes.Page1G - Sizes.Page4K, Sizes.Page1G, Sizes.Page1G + Sizes.Page4K, 2 * Sizes.Page1G];
        foreach (var gap in gaps)
        {
            var target = gap;
            if (shrinker.Try(s => EdgeMap.TryNarrow(s, index, target, moveAll: true)) || shrinker.Try(s => EdgeMap.TryNarrow(s, index, target, moveAll: false)))
            {
                return;
            }
        }
    }
}
