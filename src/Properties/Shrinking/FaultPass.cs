// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Drops faults, then makes their numbers small.</summary>
internal static class FaultPass
{
    /// <summary>Runs the pass.</summary>
    public static void Run(Shrinker shrinker)
    {
        shrinker.Try(static s => Change(s, static f => f.Clear()));
        shrinker.Try(static s => Change(s, static f => f.FailingKmalloc = 0));
        shrinker.Try(static s => Change(s, static f => f.FailingContig = 0));
        shrinker.Try(static s => Change(s, static f => f.FailingPagesExact = 0));
        shrinker.Try(static s => Change(s, static f => f.HibernationAvailable = false));
        shrinker.Try(static s => Change(s, static f => f.NotifierRegistrationErrno = 0));
        shrinker.Try(static s =>
        {
            s.Choices.TdmrInitStalls = false;
            return true;
        });
        for (var i = shrinker.Smallest.Faults.Seamcalls.Count - 1; i >= 0; i--)
        {
            var index = i;
            shrinker.Try(s => Change(s, f => f.Seamcalls.RemoveAt(index)));
        }

        Lower(shrinker, static f => f.FailingKmalloc, static (f, n) => f.FailingKmalloc = n);
        Lower(shrinker, static f => f.FailingContig, static (f, n) => f.FailingContig = n);
        for (var i = 0; i < shrinker.Smallest.Faults.Seamcalls.Count; i++)
        {
            var index = i;
            Lower(shrinker, f => f.Seamcalls[index].Nth, (f, n) => f.Seamcalls[index] = f.Seamcalls[index] with { Nth = n });
            Lower(shrinker, f => f.Seamcalls[index].Times, (f, n) => f.Seamcalls[index] = f.Seamcalls[index] with { Times = n });
            TryFirst(shrinker, FaultOrder.Leaves, (s, leaf) => s.Faults.Seamcalls[index] = s.Faults.Seamcalls[index] with { Leaf = leaf });
            TryFirst(shrinker, FaultOrder.Statuses, (s, status) => s.Faults.Seamcalls[index] = s.Faults.Seamcalls[index] with { Status = status });
        }
    }

    private static void TryFirst(Shrinker shrinker, IReadOnlyList<ulong> values, Action<Scenario, ulong> set)
    {
        foreach (var value in values)
        {
            if (shrinker.Try(s => Set(s, value, set)))
            {
                return;
            }
        }
    }

    private static bool Set(Scenario scenario, ulong value, Action<Scenario, ulong> set)
    {
        set(scenario, value);
        return true;
    }

    /// <summary>1 at once, else by halves, else by one.</summary>
    private static void Lower(Shrinker shrinker, Func<Faults, int> get, Action<Faults, int> set)
    {
        while (get(shrinker.Smallest.Faults) is var now && now > 1)
        {
            if (!shrinker.Try(s => Change(s, f => set(f, 1)))
                && !shrinker.Try(s => Change(s, f => set(f, now / 2)))
                && !shrinker.Try(s => Change(s, f => set(f, now - 1))))
            {
                return;
            }
        }
    }

    private static bool Change(Scenario scenario, Action<Faults> change)
    {
        change(scenario.Faults);
        return true;
    }
}
