// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>Drops faults, then makes their numbers small.</summary>
internal static class FaultPass
{
    public static void Run(Shrinker shrinker)
    {
        shrinker.Try(static s => s.Faults.Clear());
        shrinker.Try(static s => s.Faults.FailingKmalloc = 0);
        shrinker.Try(static s => s.Faults.FailingContig = 0);
        shrinker.Try(static s => s.Faults.FailingPagesExact = 0);
        shrinker.Try(static s => s.Faults.FailingArray = 0);
        shrinker.Try(static s => s.Faults.FailingVmxon = s.Faults.VmxonErrno = 0);
        shrinker.Try(static s => s.Faults.HibernationAvailable = false);
        shrinker.Try(static s => s.Faults.NotifierRegistrationErrno = 0);
        shrinker.Try(static s => s.Choices.TdmrInitStalls = false);
        for (var i = shrinker.Smallest.Faults.Seamcalls.Count - 1; i >= 0; i--)
            shrinker.Try(s => s.Faults.Seamcalls.RemoveAt(i));

        Lower(shrinker, static f => f.FailingKmalloc, static (f, n) => f.FailingKmalloc = n);
        Lower(shrinker, static f => f.FailingContig, static (f, n) => f.FailingContig = n);
        Lower(shrinker, static f => f.FailingVmxon, static (f, n) => f.FailingVmxon = n);
        for (var i = 0; i < shrinker.Smallest.Faults.Seamcalls.Count; i++)
        {
            var index = i;
            Lower(shrinker, f => f.Seamcalls[index].Nth, (f, n) => Change(f, index, x => x with { Nth = n }));
            Lower(shrinker, f => f.Seamcalls[index].Times, (f, n) => Change(f, index, x => x with { Times = n }));
            TryFirst(shrinker, FaultOrder.Leaves, index, static (fault, leaf) => fault with { Leaf = leaf });
            TryFirst(shrinker, FaultOrder.Statuses, index, static (fault, status) => fault with { Status = status });
        }
    }

    private static void TryFirst(
        Shrinker shrinker, IEnumerable<ulong> values, int index, Func<SeamcallFault, ulong, SeamcallFault> change)
    {
        foreach (var value in values)
        {
            if (shrinker.Try(s => Change(s.Faults, index, fault => change(fault, value))))
                return;
        }
    }

    private static void Change(Faults faults, int index, Func<SeamcallFault, SeamcallFault> change) =>
        faults.Seamcalls[index] = change(faults.Seamcalls[index]);

    /// <summary>1 at once, else by halves, else by one.</summary>
    private static void Lower(Shrinker shrinker, Func<Faults, int> get, Action<Faults, int> set)
    {
        int now;
        do
        {
            now = get(shrinker.Smallest.Faults);
        }
        while (now > 1
            && shrinker.TryAny(s => set(s.Faults, 1), s => set(s.Faults, now / 2), s => set(s.Faults, now - 1)));
    }
}
