// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Cuts single ranges: memory from its start on, ranges that go online from both sides, down to a page.</summary>
internal static class RangePass
{
    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        for (var i = 0; i < shrinker.Smallest.Machine.MemblockCalls.Count; i++)
        {
            CutStart(shrinker, i);
        }

        for (var i = 0; i < shrinker.Smallest.Steps.Count; i++)
        {
            if (shrinker.Smallest.Steps[i].Kind == StepKind.GoingOnline)
            {
                CutOnline(shrinker, i);
            }
        }
    }

    /// <summary>Raises the start of a range as far as it goes: to 1 MiB, to the page below, else by halves.</summary>
    private static void CutStart(Shrinker shrinker, int index)
    {
        foreach (var start in (ulong[])[Sizes.Mib, Sizes.Mib - Sizes.Page4K])
        {
            if (shrinker.Try(s => SetStart(s, index, start)))
            {
                break;
            }
        }

        var call = shrinker.Smallest.Machine.MemblockCalls[index];
        var (works, fails) = (call.Address, call.Address + call.Size);
        while (fails - works > Sizes.Page4K && !shrinker.IsExhausted)
        {
            var middle = Pages.AlignUp(works + ((fails - works) / 2), Sizes.Page4K);
            if (middle >= fails)
            {
                return;
            }

            if (shrinker.Try(s => SetStart(s, index, middle)))
            {
                works = middle;
            }
            else
            {
                fails = middle;
            }
        }
    }

    private static bool SetStart(Scenario scenario, int index, ulong start)
    {
        var calls = scenario.Machine.MemblockCalls;
        var call = calls[index];
        var end = call.Address + call.Size;
        if (start <= call.Address || start >= end)
        {
            return false;
        }

        calls[index] = call with { Address = start, Size = end - start };
        return true;
    }

    /// <summary>One or two pages at the start, at the end, or around the start of a range of memory.</summary>
    private static void CutOnline(Shrinker shrinker, int index)
    {
        for (ulong pages = 1; pages <= 2; pages++)
        {
            var size = pages;
            foreach (var memory in shrinker.Smallest.Machine.MemblockCalls.ToArray())
            {
                var first = Pages.PfnDown(memory.Address);
                if (shrinker.Try(s => SetOnline(s, index, first - Math.Min(first, 1), size)) || shrinker.Try(s => SetOnline(s, index, first, size)))
                {
                    return;
                }
            }

            if (shrinker.Try(s => SetOnline(s, index, s.Steps[index].Address, size))
                || shrinker.Try(s => SetOnline(s, index, s.Steps[index].Address + s.Steps[index].Size - Math.Min(size, s.Steps[index].Size), size)))
            {
                return;
            }
        }
    }

    private static bool SetOnline(Scenario scenario, int index, ulong first, ulong pages)
    {
        scenario.Steps[index] = Step.GoingOnline(first, pages);
        return true;
    }
}
