// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// Other steps on the memory blocks that a short sequence is about: each is tried in the place of one step, and in the
/// place of two, there with what else it may need.
/// </summary>
internal static class SequencePass
{
    private const int MaxSteps = 5;
    private const int MaxBlocks = 3;

    private static readonly Action<Scenario, Step>[] Surroundings = [BringOnline, Widen, LeavePage];

    public static void Run(Shrinker shrinker)
    {
        if (!shrinker.Smallest.HasHotplug)
            return;

        var letters = Letters(shrinker.Smallest).ToList();
        for (var at = shrinker.Smallest.Steps.Count - 1; at >= 0; at--)
        {
            for (var other = shrinker.Smallest.Steps.Count - 1; other >= 0; other--)
            {
                if (Math.Max(at, other) < shrinker.Smallest.Steps.Count && shrinker.Smallest.Steps.Count <= MaxSteps)
                    TryLetters(shrinker, letters, at, other);
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
                shrinker.Try(s => s.Steps[at] = letter);
            }
            else if (shrinker.Try(s => Replace(s, letter, at, other))
                || Surroundings.Any(set => shrinker.Try(s => { Replace(s, letter, at, other); set(s, letter); })))
            {
                return;
            }
        }
    }

    private static void BringOnline(Scenario scenario, Step step)
    {
        if (StepPass.IsAddition(step.Kind))
            StepPass.SetDefaultState(scenario.Machine);
    }

    /// <summary>Memory of boot reaches beyond what is to be removed: down to 1 MiB and up by a page.</summary>
    private static void Widen(Scenario scenario, Step step)
    {
        if (step.Kind == StepKind.OfflineAndRemove && scenario.Machine.MemblockCalls is [var first, ..] calls)
        {
            var start = Math.Min(first.Address, Sizes.Mib);
            calls[0] = first with { Address = start, Size = first.Address + first.Size - start };
            calls[^1] = calls[^1] with { Size = calls[^1].Size + Sizes.Page4K };
        }
    }

    /// <summary>The last block of what is to be removed holds a page of memory, no more.</summary>
    private static void LeavePage(Scenario scenario, Step step)
    {
        if (step.Kind == StepKind.OfflineAndRemove && step.Size > BoundaryMap.Block)
        {
            var last = step.Address + step.Size - BoundaryMap.Block;
            MachinePass.SetOneRange(scenario, last);
            scenario.Machine.MemblockCalls.Add(
                new MemblockCall(MemblockCallKind.Add, last + Sizes.Page4K, Sizes.Page4K, 0, 0));
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
                    yield return step;
            }
        }
    }

    private static ulong Free(Scenario scenario) =>
        Pages.AlignUp(BoundaryMap.Edges(scenario, BoundaryMap.Block).LastOrDefault(), BoundaryMap.Block);

    private static IEnumerable<Step> Letters(StepKind kind, ulong block)
    {
        switch (kind)
        {
            case StepKind.BlockOnline:
                yield return Step.Online(block, OnlineType.Online);
                yield return Step.Online(block, OnlineType.OnlineKernel);
                yield return Step.Online(block, OnlineType.OnlineMovable);
                break;
            case StepKind.BlockOffline or StepKind.UnplugDimm:
                yield return kind == StepKind.BlockOffline ? Step.Offline(block) : Step.At(kind, block);
                break;
            case StepKind.AutoOnline:
                break;
            default:
                yield return Step.OnMemory(kind, block, BoundaryMap.Block);
                yield return Step.OnMemory(kind, block, 2 * BoundaryMap.Block);
                break;
        }
    }
}
