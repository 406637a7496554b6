// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// Other steps on the memory blocks that a short sequence is about: every step is tried in the place of one, and in the
/// place of two.
/// </summary>
internal static class SequencePass
{
    private const int MaxSteps = 5;
    private const int MaxBlocks = 3;

    public static void Run(Shrinker shrinker)
    {
        if (!shrinker.Smallest.HasHotplug)
        {
            return;
        }

        var letters = Letters(shrinker.Smallest).ToList();
        for (var at = shrinker.Smallest.Steps.Count - 1; at >= 0; at--)
        {
            for (var other = shrinker.Smallest.Steps.Count - 1; other >= 0; other--)
            {
                if (Math.Max(at, other) < shrinker.Smallest.Steps.Count && shrinker.Smallest.Steps.Count <= MaxSteps)
                {
                    TryLetters(shrinker, letters, at, other);
                }
            }
        }
    }

    /// <summary>Puts a step in the place of one and, where it is another one, drops the other.</summary>
    private static void TryLetters(Shrinker shrinker, List<Step> letters, int at, int other)
    {
        foreach (var letter in letters)
        {
            if (at == other)
            {
                shrinker.TryAny(
                    s => s.Steps[at] = letter,
                    s => { s.Steps[at] = letter; MachinePass.SetOneRange(s, BoundaryMap.Block); });
            }
            else if (shrinker.Try(s => Replace(s, letter, at, other))
                || shrinker.Try(s => ReplaceInContext(s, letter, at, other)))
            {
                return;
            }
        }
    }

    /// <summary>What is added comes online by itself; what is to be removed ends inside a block.</summary>
    private static void ReplaceInContext(Scenario scenario, Step letter, int at, int other)
    {
        Replace(scenario, letter, at, other);
        if (StepPass.IsAddition(letter.Kind))
        {
            StepPass.AddWord(scenario.Machine, StepPass.DefaultStates[0]);
        }
        else if (letter.Kind == StepKind.OfflineAndRemove && scenario.Machine.MemblockOperations is [.., var last] calls)
        {
            calls[^1] = last with { Size = last.Size + Sizes.Page4K };
        }
    }

    private static void Replace(Scenario scenario, Step letter, int at, int other)
    {
        if (Math.Max(at, other) < scenario.Steps.Count)
        {
            scenario.Steps[at] = letter;
            scenario.Steps.RemoveAt(other);
        }
    }

    private static IEnumerable<Step> Letters(Scenario scenario)
    {
        yield return Step.Enable;
        for (var kind = StepKind.HotAdd; kind <= StepKind.UnplugDimm; kind++)
        {
            foreach (var block in StepPass.Blocks(scenario).Take(MaxBlocks).Append(Free(scenario)).Distinct())
            {
                foreach (var step in Letters(kind, block))
                {
                    yield return step;
                }
            }
        }
    }

    /// <summary>The first block behind everything.</summary>
    private static ulong Free(Scenario scenario) =>
        Pages.AlignUp(BoundaryMap.Edges(scenario, BoundaryMap.Block).LastOrDefault(), BoundaryMap.Block);

    private static IEnumerable<Step> Letters(StepKind kind, ulong block)
    {
        switch (kind)
        {
            case StepKind.BlockOnline:
                yield return new Step(kind, block, Type: OnlineType.Online);
                yield return new Step(kind, block, Type: OnlineType.OnlineKernel);
                yield return new Step(kind, block, Type: OnlineType.OnlineMovable);
                break;
            case StepKind.BlockOffline or StepKind.UnplugDimm:
                yield return new Step(kind, block);
                break;
            case StepKind.AutoOnline:
                break;
            default:
                yield return new Step(kind, block, BoundaryMap.Block);
                yield return new Step(kind, block, 2 * BoundaryMap.Block);
                break;
        }
    }
}
