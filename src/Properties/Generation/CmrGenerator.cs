// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>CMRs for free-form memory: mostly around all of it, sometimes touching each other, with a gap, or
/// defective.</summary>
internal static class CmrGenerator
{
    private const ulong Top = 1UL << 43;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly ulong[] Overhangs = [0, 0, Sizes.Page4K, Sizes.Page2M];
    private static readonly ulong[] Gaps = [Sizes.Page4K, 128 * Sizes.Mib, Sizes.Page1G];

    public static void Fill(ref SplitMix64 random, Machine machine)
    {
        var start = random.Chance(70) ? Sizes.Mib : 0;
        switch (random.Below(100))
        {
            case < 70:
                machine.Cmrs.Add(new Cmr(start, Top - start));
                break;
            case < 84:
                FillTouching(ref random, machine, start, withGap: false);
                break;
            case < 96:
                FillTouching(ref random, machine, start, withGap: true);
                break;
            default:
                FillDefective(ref random, machine);
                break;
        }
    }

    private static void FillTouching(ref SplitMix64 random, Machine machine, ulong start, bool withGap)
    {
        var count = random.Between(2, 8);
        var gap = withGap ? random.Below(count) : -1;
        var at = start;
        for (var i = 0; i < count; i++)
        {
            var end = i == count - 1
                ? Top
                : Pages.AlignUp(at + 1, Sizes.Page1G) + ((ulong)random.Below(6) * Sizes.Page1G)
                    + random.Pick<ulong>(Overhangs);
            machine.Cmrs.Add(new Cmr(at, end - at));
            if (random.Chance(20))
                machine.Cmrs.Add(new Cmr(random.Chance(50) ? 0 : Sizes.Page4K, 0));

            at = end + (i == gap ? random.Pick<ulong>(Gaps) : 0);
        }
    }

    private static void FillDefective(ref SplitMix64 random, Machine machine)
    {
        var first = new Cmr(Sizes.Mib, 2 * Sizes.Page1G);
        var second = new Cmr(Sizes.Gib4, Sizes.Gib4 + (random.Chance(30) ? 1UL : 0));
        machine.Cmrs.Add(random.Chance(50) ? second : first);
        machine.Cmrs.Add(random.Chance(50) ? first : second);
    }
}
