// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Shrinking;

/// <summary>
/// Drops steps: all but one, then halves, quarters and so on, then each one for something that counts less: what a step
/// does may have been done by boot, or be so by itself.
/// </summary>
internal static class StepPass
{
    /// <summary>Sequences up to this length are tried without every two of their steps.</summary>
    private const int MaxPaired = 12;

    public static readonly string[] DefaultStates =
        ["memhp_default_state=online", "memhp_default_state=online_kernel", "memhp_default_state=online_movable"];

    public static void Run(Shrinker shrinker)
    {
        shrinker.Try(static s => KeepFirst(s, StepKind.EnableTdx));
        ListPass.Drop(shrinker, static s => s.Steps);
        for (var i = shrinker.Smallest.Steps.Count - 1; i >= 0; i--)
        {
            Trade(shrinker, i);
        }

        DropPairs(shrinker);
    }

    /// <summary>First blocks of what the steps are about, ascending.</summary>
    public static IEnumerable<ulong> Blocks(Scenario scenario) =>
        scenario.Steps.Where(BoundaryMap.IsOfBlocks).Select(static s => s.Address).Distinct().Order();

    private static void Trade(Shrinker shrinker, int index)
    {
        var step = shrinker.Smallest.Steps[index];
        if (IsAddition(step.Kind))
        {
            if (shrinker.TryAny(
                s => { AddAtBoot(s, step); s.Steps.RemoveAt(index); },
                s => { MachinePass.SetOneRange(s, Sizes.Page1G); s.Steps.RemoveAt(index); },
                s => { MachinePass.SetOneRange(s, Sizes.Mib + Sizes.Page4K); s.Steps.RemoveAt(index); }))
            {
                return;
            }
        }

        if (!shrinker.Smallest.HasHotplug || shrinker.Smallest.Steps.Count > MaxPaired)
        {
            return;
        }

        foreach (var state in DefaultStates)
        {
            if (shrinker.Try(s => { AddWord(s.Machine, state); s.Steps.RemoveAt(index); }))
            {
                return;
            }
        }

        foreach (var block in Blocks(shrinker.Smallest))
        {
            if (shrinker.Try(s => { s.Choices.Pinned.Add(new PinnedBlock(block, Isolation.Unmovable)); s.Steps.RemoveAt(index); }))
            {
                return;
            }
        }
    }

    /// <summary>Steps that only make sense together: an addition and a removal, say.</summary>
    private static void DropPairs(Shrinker shrinker)
    {
        for (var i = shrinker.Smallest.Steps.Count - 1; i > 0 && shrinker.Smallest.Steps.Count <= MaxPaired; i--)
        {
            for (var j = Math.Min(i, shrinker.Smallest.Steps.Count) - 1; j >= 0; j--)
            {
                shrinker.Try(s =>
                {
                    if (i < s.Steps.Count)
                    {
                        s.Steps.RemoveAt(i);
                        s.Steps.RemoveAt(j);
                    }
                });
            }
        }
    }

    public static bool IsAddition(StepKind kind) =>
        kind is StepKind.AddMemory or StepKind.HotAdd or StepKind.HotAddManaged or StepKind.PlugDimm;

    private static void AddAtBoot(Scenario scenario, Step step)
    {
        if (scenario.Machine.E820.Count == 0)
        {
            scenario.Machine.MemblockOperations.Add(
                new MemblockOperation(MemblockOperationKind.Add, step.Address, step.Size, step.Nid, 0));
        }
    }

    public static void AddWord(Machine machine, string word)
    {
        var words = machine.Options.HotplugWords.Split(' ').Where(static w => w.Length > 0 && !w.StartsWith("memhp_", StringComparison.Ordinal));
        machine.Options = machine.Options with { HotplugWords = string.Join(' ', words.Append(word)) };
    }

    private static void KeepFirst(Scenario scenario, StepKind kind)
    {
        var first = scenario.Steps.FindIndex(s => s.Kind == kind);
        if (first >= 0)
        {
            scenario.Steps.RemoveRange(first + 1, scenario.Steps.Count - first - 1);
            scenario.Steps.RemoveRange(0, first);
        }
    }
}
