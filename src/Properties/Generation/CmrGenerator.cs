// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Generation;

/// <summary>CMRs for free-form memory: mostly around all of it, sometimes touching each other, with a gap, or defective.</summary>
internal static class CmrGenerator
{
    private const ulong Top = 1UL << 43;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly ulong[] Overhangs = [0, 0, Sizes.Page4K, Sizes.Page2M];
    private static readonly ulong[] Gaps = [Sizes.Page4K, 128 * Sizes.Mib, Sizes.Page1G];

    /// <summary>Fills in CMRs.</summary>
    public static void Fill(ref SplitMix64 draws, Machine machine)
    {
        var start = draws.Chance(70) ? Sizes.Mib : 0;
        switch (draws.Below(100))
        {
            case < 70:
                machine.Cmrs.Add(new Cmr(start, Top - start));
                break;
            case < 84:
                FillTouching(ref draws, machine, start, withGap: false);
                break;
            case < 96:
                FillTouching(ref draws, machine, start, withGap: true);
                break;
            default:
                FillDefective(ref draws, machine);
                break;
        }
    }

    private static void FillTouching(ref SplitMix64 draws, Machine machine, ulong start, bool withGap)
    {
        var count = draws.Between(2, 8);
        var gap = withGap ? draws.Below(count) : -1;
        var at = start;
        for (var i = 0; i < count; i++)
        {
            var end = i == count - 1 ? Top : Pages.AlignUp(at + 1, Sizes.Page1G) + ((ulong)draws.Below(6) * Sizes.Page1G) + draws.Pick<ulong>(Overhangs);
            machine.Cmrs.Add(new Cmr(at, end - at));
            if (draws.Chance(20))
            {
                machine.Cmrs.Add(new Cmr(draws.Chance(50) ? 0 : Sizes.Page4K, 0));
            }

            at = end + (i == gap ? draws.Pick<ulong>(Gaps) : 0);
        }
    }

    private static void FillDefective(ref SplitMix64 draws, Machine machine)
    {
        var first = new Cmr(Sizes.Mib, 2 * Sizes.Page1G);
        var second = new Cmr(Sizes.Gib4, Sizes.Gib4 + (draws.Chance(30) ? 1UL : 0));
        machine.Cmrs.Add(draws.Chance(50) ? second : first);
        machine.Cmrs.Add(draws.Chance(50) ? first : second);
    }
}
