// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;

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
            shrinker.Try(s => Drop(s, index));
        }
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
