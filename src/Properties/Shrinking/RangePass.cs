// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>Cuts single ranges down to a page: memory from its start on, what goes online from both sides.</summary>
internal static class RangePass
{
    public static void Run(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Smallest.Machine.MemblockCalls.Count; i++)
        {
            var call = shrinker.Smallest.Machine.MemblockCalls[i];
            CutStart(shrinker, call.Address, call.Address + call.Size, (s, start, size) =>
                s.Machine.MemblockCalls[i] = call with { Address = start, Size = size });
        }

        for (var i = 0; i < shrinker.Smallest.Steps.Count; i++)
        {
            var step = shrinker.Smallest.Steps[i];
            if (step.Kind == StepKind.AddMemory)
            {
                CutStart(shrinker, step.Address, step.Address + step.Size, (s, start, size) =>
                    s.Steps[i] = step.WithRange(start, size));
            }

            if (step.Kind == StepKind.GoingOnline)
                CutOnline(shrinker, i);
        }
    }

    /// <summary>Raises the start of a range: to its last page, to 1 MiB, to the page below, else by halves.</summary>
    private static void CutStart(Shrinker shrinker, ulong works, ulong fails, Action<Scenario, ulong, ulong> set)
    {
        var end = fails;
        foreach (var start in (ulong[])[end - Sizes.Page4K, Sizes.Mib, Sizes.Mib - Sizes.Page4K])
        {
            if (start > works && start < end && shrinker.Try(s => set(s, start, end - start)))
                works = start;
        }

        while (fails - works > Sizes.Page4K && !shrinker.IsExhausted)
        {
            var middle = Pages.AlignUp(works + ((fails - works) / 2), Sizes.Page4K);
            if (middle >= fails)
                return;

            if (shrinker.Try(s => set(s, middle, end - middle)))
                works = middle;
            else
                fails = middle;
        }
    }

    /// <summary>One or two pages at the start, at the end, or around the start of a range of memory.</summary>
    private static void CutOnline(Shrinker shrinker, int index)
    {
        for (ulong pages = 1; pages <= 2; pages++)
        {
            foreach (var memory in shrinker.Smallest.Machine.MemblockCalls.ToArray())
            {
                var first = Pages.PfnDown(memory.Address);
                if (shrinker.TryAny(
                    s => SetOnline(s, index, first - Math.Min(first, 1), pages),
                    s => SetOnline(s, index, first, pages)))
                {
                    return;
                }
            }

            var step = shrinker.Smallest.Steps[index];
            if (shrinker.TryAny(
                s => SetOnline(s, index, step.Pfn, pages),
                s => SetOnline(s, index, step.Pfn + step.Count - Math.Min(pages, step.Count), pages)))
            {
                return;
            }
        }
    }

    private static void SetOnline(Scenario scenario, int index, ulong first, ulong pages) =>
        scenario.Steps[index] = Step.GoingOnline(first, pages);
}
