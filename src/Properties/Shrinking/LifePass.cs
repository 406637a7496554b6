// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>Steps of a kernel that runs: lower CPUs and KeyIDs, a whole image, CPUs that start in order and are not
/// switched.</summary>
internal static class LifePass
{
    public static void Run(Shrinker shrinker)
    {
        shrinker.Try(static s => s.Choices.KvmHoldsVmx = false);
        for (var i = 0; i < shrinker.Smallest.Steps.Count; i++)
        {
            var step = shrinker.Smallest.Steps[i];
            if (!step.IsOfLife)
                continue;

            for (var kind = StepKind.CpuOnline; kind < step.Kind; kind++)
            {
                if (shrinker.Try(s => s.Steps[i] = Step.Numbered(kind, step.Operand)))
                    break;
            }

            for (var lower = 0; lower < step.Operand; lower++)
            {
                if (shrinker.Try(s => s.Steps[i] = s.Steps[i].WithOperand(lower)))
                    break;
            }

            if (step.Kind == StepKind.ModuleUpdate)
                Straighten(shrinker, i);
        }
    }

    /// <summary>No switches, then fewer of them; earlier CPUs first.</summary>
    private static void Straighten(Shrinker shrinker, int index)
    {
        const int OrderBits = 16;
        if (shrinker.Try(s => s.Steps[index] = Step.ModuleUpdate(0, s.Steps[index].Image)))
            return;

        shrinker.Try(s => SetOrder(s, index, o => o & ((1UL << OrderBits) - 1)));
        shrinker.Try(s => SetOrder(s, index, static o => o >> OrderBits << OrderBits));
        for (var shift = OrderBits; shift < OrderBits + (CpuSchedule.Switches * CpuSchedule.PlaceBits);
            shift += CpuSchedule.PlaceBits)
        {
            var mask = (ulong)CpuSchedule.Places << shift;
            shrinker.Try(s => SetOrder(s, index, o => o & ~mask));
        }
    }

    private static void SetOrder(Scenario scenario, int index, Func<ulong, ulong> change)
    {
        var step = scenario.Steps[index];
        scenario.Steps[index] = Step.ModuleUpdate(change(step.Order), step.Image);
    }
}
