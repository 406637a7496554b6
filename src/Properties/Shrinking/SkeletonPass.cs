// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Properties.Shrinking;

/// <summary>The shortest stories about one memory block, for each block that the steps are about: out and in again, added before and after.</summary>
internal static class SkeletonPass
{
    private const ulong Block = 128 * Sizes.Mib;
    private const int MaxBlocks = 12;

    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        if (!shrinker.Smallest.HasHotplug)
        {
            return;
        }

        foreach (var at in Blocks(shrinker.Smallest).Take(MaxBlocks).ToList())
        {
            foreach (var story in Stories(at))
            {
                if (shrinker.Try(s => Tell(s, story)))
                {
                    return;
                }
            }
        }
    }

    private static IEnumerable<Step[]> Stories(AddressRange added)
    {
        var offline = Step.Offline(added.Start);
        var online = Step.Online(added.Start, OnlineType.OnlineMovable);
        var add = Step.OnMemory(StepKind.HotAdd, added.Start, added.Size);
        yield return [offline, online];
        yield return [add, online];
        yield return [Step.Enable, offline, online];
        yield return [Step.Enable, add, online];
        yield return [add, online, Step.Enable];
        yield return [add, Step.Enable, online];
    }

    private static bool Tell(Scenario scenario, Step[] story)
    {
        scenario.Steps.Clear();
        scenario.Steps.AddRange(story);
        return true;
    }

    /// <summary>First blocks of what is added, and blocks that are named, the last ones first.</summary>
    private static IEnumerable<AddressRange> Blocks(Scenario scenario)
    {
        var seen = new HashSet<ulong>();
        foreach (var step in scenario.Steps.AsEnumerable().Reverse())
        {
            for (var at = step.Address; step.IsHotplug && step.Kind < StepKind.AutoOnline && at < step.Address + Math.Max(step.Size, 1); at += Block)
            {
                if (seen.Add(at))
                {
                    yield return AddressRange.OfSize(at, Block);
                }
            }
        }
    }
}
