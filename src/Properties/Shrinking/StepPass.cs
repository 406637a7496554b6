// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Drops steps: all but one, then one after another from the end.</summary>
internal static class StepPass
{
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
            }
        }
    }

    /// <summary>Memory that is added early may as well be there at boot.</summary>
    private static bool MoveToBoot(Scenario scenario, int index)
    {
        if (index >= scenario.Steps.Count || scenario.Steps[index].Kind != StepKind.AddMemory || scenario.Machine.E820.Count > 0)
        {
            return false;
        }

        var step = scenario.Steps[index];
        scenario.Machine.MemblockOperations.Add(new MemblockOperation(MemblockOperationKind.Add, step.Address, step.Size, step.Nid, 0));
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
