// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>Events that are missing, come twice, come elsewhere, or never happened.</summary>
internal static class EventAlterations
{
    public static IEnumerable<Alteration> Of(TraceDraft draft)
    {
        for (var step = 0; step < draft.Events.Count; step++)
        {
            var events = draft.Events[step];
            for (var i = 0; i < events.Count; i++)
            {
                foreach (var alteration in OfEvent(events, step, i))
                    yield return alteration;
            }

            foreach (var alteration in Added(step))
                yield return alteration;
        }
    }

    private static IEnumerable<Alteration> OfEvent(List<TraceEvent> events, int step, int i)
    {
        var subject = EventNames.Of(events[i]);
        yield return new Alteration(subject, "dropped", d => d.Events[step].RemoveAt(i));
        yield return new Alteration(subject, "doubled", d => d.Events[step].Insert(i, d.Events[step][i]));
        if (i + 1 < events.Count && events[i] != events[i + 1])
        {
            yield return new Alteration(
                $"{subject}, then {EventNames.Of(events[i + 1])}", "swapped",
                d => (d.Events[step][i], d.Events[step][i + 1]) = (d.Events[step][i + 1], d.Events[step][i]));
        }

        if (i > 0)
            yield return new Alteration(subject, "moved to the start of its step", d => Move(d.Events[step], i, 0));

        if (i + 1 < events.Count)
        {
            yield return new Alteration(
                subject, "moved to the end of its step", d => Move(d.Events[step], i, d.Events[step].Count - 1));
        }

        foreach (var (change, other) in Operands.Of(events[i]))
            yield return new Alteration(subject, change, d => d.Events[step][i] = other);
    }

    private static IEnumerable<Alteration> Added(int step)
    {
        TraceEvent[] added =
        [
            TraceEvent.OfWarning(),
            TraceEvent.OfBadFree(AllocationSite.Pamt, 1),
            TraceEvent.OfReadAfterFree(AllocationSite.TdmrBuffer, 1),
            TraceEvent.OfMisuse(Misuse.Slept),
            TraceEvent.OfMisuse(Misuse.NotLocked),
            TraceEvent.OfMisuse(Misuse.StoppedChain),
            TraceEvent.OfCrash(CrashKind.Fault),
            TraceEvent.OfEndless(SeamcallLeaf.SysTdmrInit),
            TraceEvent.OfLock(HostLock.TdxModule),
            TraceEvent.OfUnlock(HostLock.TdxModule),
            TraceEvent.OfLock(HostLock.MemHotplugRead),
            TraceEvent.OfUnlock(HostLock.MemHotplugRead),
            TraceEvent.OfFlush(),
            TraceEvent.OfReset(Sizes.Page1G, Sizes.Page4K),
            TraceEvent.OfSeamcall(SeamcallLeaf.SysTdmrInit, Sizes.Page1G, 0, TdxStatus.Success, 0, 0, 0),
            TraceEvent.OfSeamcall(SeamcallLeaf.SysInit, 0, 0, TdxStatus.Success, 0, 0, 0),
            TraceEvent.OfAllocation(AllocationSite.TdmrPaArray, 1000, 512),
            TraceEvent.OfLog(KernelLine.ModuleFailed, unchecked((ulong)-Errno.Eio)),
            TraceEvent.OfLog(KernelLine.ModuleInitialized),
        ];
        foreach (var e in added)
        {
            yield return new Alteration(
                EventNames.Of(e), step == 0 ? "added to boot" : "added to a step", d => d.Events[step].Add(e));
        }
    }

    private static void Move(List<TraceEvent> events, int from, int to)
    {
        var moved = events[from];
        events.RemoveAt(from);
        events.Insert(to, moved);
    }
}
