// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;

namespace TdxVerify.Measuring;

/// <summary>A row of memblock regions: two nodes, some edges inside a page, some below 1 MiB, now and then nothing
/// left of a region.</summary>
public static class RegionRow
{
    private const ulong Seed = 7;

    /// <summary>Numbers of regions that the list-build path is measured with.</summary>
    public static IReadOnlyList<int> Counts { get; } = [16, 100, 1_000, 10_000, 100_000];

    /// <summary>Ascending, disjoint regions; the same for the same number.</summary>
    public static MemblockRegion[] Create(int count)
    {
        var random = new SplitMix64(Seed);
        var regions = new MemblockRegion[count];
        var at = Sizes.Page4K;
        for (var i = 0; i < count; i++)
        {
            var size = Sizes.Page4K * (ulong)random.Between(1, 1 << 15);
            if (random.Chance(5))
            {
                at += random.Below(Sizes.Page4K);
                size = random.Chance(50) ? size - 1 : Sizes.Page4K / 2;
            }

            regions[i] = new MemblockRegion(at, size, MemblockFlags.None, random.Below(2));
            at = Pages.AlignUp(at + size, Sizes.Page4K) + (Sizes.Page4K * (ulong)random.Between(1, 200));
        }

        return regions;
    }
}
