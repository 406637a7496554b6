// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Drops steps: all but one, then one after another from the end.</summary>
internal static class StepPass
{
    /// <summary>Sequences up to this length are tried without every two of their steps.</summary>
    private const int MaxPaired = 12;

    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        shrinker.Try(static s => KeepOnly(s, StepKind.EnableTdx));
        for (var i = shrinker.Smallest.Steps.Count - 1; i >= 0; i--)
        {
            var index = i;
            if (!shrinker.Try(s => Drop(s, index)))
            {
                shrinker.Try(s => MoveToBoot(s, index));
                shrinker.Try(s => DropForLeast(s, index, hasPamt: true));
                shrinker.Try(s => DropForLeast(s, index, hasPamt: false));
                shrinker.Try(s => Simplify(s, index));
            }
        }

        DropPairs(shrinker);
    }

    /// <summary>Steps that only make sense together: an addition and a removal, say.</summary>
    private static void DropPairs(Shrinker shrinker)
    {
        for (var i = shrinker.Smallest.Steps.Count - 1; i > 0 && shrinker.Smallest.Steps.Count <= MaxPaired; i--)
        {
            for (var j = Math.Min(i, shrinker.Smallest.Steps.Count) - 1; j >= 0; j--)
            {
                var (later, earlier) = (i, j);
                shrinker.Try(s => Drop(s, later) && Drop(s, earlier));
            }
        }
    }

    /// <summary>Memory that is only there so that there is any: the least at boot does.</summary>
    /// <param name="scenario">What is changed.</param>
    /// <param name="index">Number of the step.</param>
    /// <param name="hasPamt">The least has room for a PAMT; else it is a page, and TDX can't be enabled.</param>
    private static bool DropForLeast(Scenario scenario, int index, bool hasPamt)
    {
        if (index >= scenario.Steps.Count || !IsAddition(scenario.Steps[index].Kind))
        {
            return false;
        }

        CanonicalMachine.SetLeastMemory(scenario.Machine);
        if (!hasPamt)
        {
            scenario.Machine.MemblockCalls[0] = scenario.Machine.MemblockCalls[0] with { Size = Sizes.Page4K };
        }

        return Drop(scenario, index);
    }

    private static bool IsAddition(StepKind kind) => kind is StepKind.AddMemory or StepKind.HotAdd or StepKind.HotAddManaged or StepKind.PlugDimm;

    /// <summary>A plain addition instead of a DIMM or a driver's memory.</summary>
    private static bool Simplify(Scenario scenario, int index)
    {
        if (index >= scenario.Steps.Count || scenario.Steps[index].Kind is not (StepKind.HotAddManaged or StepKind.PlugDimm))
        {
            return false;
        }

        var step = scenario.Steps[index];
        scenario.Steps[index] = Step.OnMemory(StepKind.HotAdd, step.Address, step.Size, step.Nid);
        return true;
    }

    /// <summary>Memory that is added early may as well be there at boot.</summary>
    private static bool MoveToBoot(Scenario scenario, int index)
    {
        if (index >= scenario.Steps.Count || scenario.Machine.E820.Count > 0 || !IsAddition(scenario.Steps[index].Kind))
        {
            return false;
        }

        var step = scenario.Steps[index];
        scenario.Machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, step.Address, step.Size, step.Nid, 0));
        return Drop(scenario, index);
    }

    private static bool KeepOnly(Scenario scenario, StepKind kind)
    {
        var first = scenario.Steps.FindIndex(s => s.Kind == kind);
        if (first < 0 || scenario.Steps.Count == 1)
        {
            return false;
        }

        var kept = scenario.Steps[first];
        scenario.Steps.Clear();
        scenario.Steps.Add(kept);
        return true;
    }

    private static bool Drop(Scenario scenario, int index)
    {
        if (index >= scenario.Steps.Count)
        {
            return false;
        }

        scenario.Steps.RemoveAt(index);
        return true;
    }
}
