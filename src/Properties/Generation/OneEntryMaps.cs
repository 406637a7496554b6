// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Machines whose firmware describes all memory in one entry: small virtual machines.</summary>
internal static class OneEntryMaps
{
    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly ulong[] Starts = [0, Sizes.Mib, Sizes.Mib - Sizes.Page4K, Sizes.Gib4];
    private static readonly ulong[] MapSizes =
        [Sizes.Page1G, 2 * Sizes.Page1G + Sizes.Page4K, 3 * Sizes.Page1G - Sizes.Page2M, 16 * Sizes.Page1G];

    public static void Fill(ref SplitMix64 random, Machine machine)
    {
        if (!random.Chance(3))
            return;

        var start = random.Pick<ulong>(Starts);
        var size = random.Pick<ulong>(MapSizes);
        machine.E820.Clear();
        machine.E820.Add(new E820Entry(start, size, E820Type.Ram));
        machine.Srat.Clear();
        machine.Cmrs.Clear();
        machine.Cmrs.Add(new Cmr(start, size));
    }
}
