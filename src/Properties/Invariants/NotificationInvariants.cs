// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family H, fourth part: what the notifier chain hears is what happens, and in which order.</summary>
internal static class NotificationInvariants
{
    private const ulong SubsectionPages = 512;

    public static IEnumerable<Invariant> All =>
    [
        new("H23", "notifications of a memory block come in order, and only going online or offline can be refused",
            Contract, "memory_block_online(), online_pages(), offline_pages()", Evidence.None, ComeInOrder),
        new("H24", "a memory block goes online or offline exactly when a notification says so", Contract,
            "online_pages(): MEM_ONLINE; offline_pages(): MEM_OFFLINE", Evidence.Count, TellWhatHappens),
        new("H25", "a zone's span changes only to the block that a step is about, or back to pages that it has",
            Contract, "resize_zone_range(), shrink_zone_span()", Evidence.Address, SpansFollowBlocks),
    ];

    private static bool HasBlocks(CaseFacts facts) =>
        facts.IsSerial && facts.Trace.SnapshotAfter(0).Blocks.Length > 0 && facts.Sees(Observes.Events);

    private static AddressRange Bytes(in TraceEvent e) =>
        new(Pages.Address(e.Notification.Pfn), Pages.Address(e.Notification.EndPfn));

    private static Verdict ComeInOrder(CaseFacts facts)
    {
        if (!HasBlocks(facts) || facts.Trace.HasEnded)
            return Verdict.NotObservable;

        var hasPrepare = HasPrepare(facts.Events);
        for (var i = 0; i < facts.Trace.Steps.Length; i++)
        {
            ref readonly var step = ref facts.Trace.Steps[i];
            var last = -1;
            for (var at = step.FirstEvent; at < step.EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                if (e.Kind != TraceEventKind.Notify || !step.Owns(e))
                    continue;

                var isRefusable = e.Notification.Action is MemoryAction.GoingOnline or MemoryAction.GoingOffline
                    or MemoryAction.PrepareOnline;
                var follows = last < 0 || IsEnd(facts.Events[last], hasPrepare)
                    ? IsBegin(e, hasPrepare)
                    : Follows(facts.Events[last], e);
                if (!follows || (!isRefusable && e.Notification.Errno != 0))
                    return Verdict.BrokenAt(Bytes(e)).At(i + 1);

                last = at;
            }

            if (last >= 0 && !IsEnd(facts.Events[last], hasPrepare))
                return Verdict.BrokenAt(Bytes(facts.Events[last])).At(i + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>Kernels before 7.1 say more: MEM_PREPARE_ONLINE in front, MEM_FINISH_OFFLINE behind.</summary>
    private static bool HasPrepare(ReadOnlySpan<TraceEvent> events)
    {
        foreach (ref readonly var e in events)
        {
            if (e.IsNotification(MemoryAction.PrepareOnline) || e.IsNotification(MemoryAction.FinishOffline))
                return true;
        }

        return false;
    }

    private static bool IsBegin(in TraceEvent e, bool hasPrepare) => e.Notification.Action switch
    {
        MemoryAction.PrepareOnline or MemoryAction.GoingOffline => true,
        MemoryAction.GoingOnline => !hasPrepare,
        _ => false,
    };

    private static bool IsEnd(in TraceEvent e, bool hasPrepare) => e.Notification.Action switch
    {
        MemoryAction.Online or MemoryAction.CancelOffline or MemoryAction.FinishOffline => true,
        MemoryAction.Offline or MemoryAction.CancelOnline => !hasPrepare,
        _ => false,
    };

    private static bool Follows(in TraceEvent before, in TraceEvent e)
    {
        if (before.Notification.Pfn != e.Notification.Pfn || before.Notification.Count != e.Notification.Count)
            return false;

        var isRefused = before.Notification.Errno != 0;
        return (before.Notification.Action, e.Notification.Action) switch
        {
            (MemoryAction.PrepareOnline, MemoryAction.GoingOnline) => !isRefused,
            (MemoryAction.GoingOnline, MemoryAction.Online) => !isRefused,
            (MemoryAction.GoingOnline, MemoryAction.CancelOnline) => isRefused,
            (MemoryAction.GoingOffline, MemoryAction.Offline) => !isRefused,
            (MemoryAction.GoingOffline, MemoryAction.CancelOffline) => true,
            (MemoryAction.CancelOnline or MemoryAction.Offline, MemoryAction.FinishOffline) => true,
            _ => false,
        };
    }

    private static Verdict TellWhatHappens(CaseFacts facts)
    {
        if (!HasBlocks(facts) || facts.Trace.HasEnded)
            return Verdict.NotObservable;

        for (var i = 0; i < facts.Trace.Steps.Length; i++)
        {
            var before = facts.Trace.SnapshotAfter(i);
            var after = facts.Trace.SnapshotAfter(i + 1);
            if (ReferenceEquals(before, after))
                continue;

            foreach (ref readonly var block in after.Blocks)
            {
                var change = (block.IsOnline ? 1 : 0) - (IsOnline(before, block.Start) ? 1 : 0);
                if (Told(facts, i, block) != change)
                    return Broken(block, change, Told(facts, i, block)).At(i + 1);
            }

            // A block that is gone went offline before.
            foreach (ref readonly var block in before.Blocks)
            {
                if (!IsThere(after, block.Start) && Told(facts, i, block) != (block.IsOnline ? -1 : 0))
                    return Broken(block, block.IsOnline ? -1 : 0, Told(facts, i, block)).At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict Broken(in BlockView block, int expected, int got) => Verdict.BrokenAt(
        new AddressRange(Pages.Address(block.Start), Pages.Address(block.End)), unchecked((ulong)expected),
        unchecked((ulong)got));

    /// <summary>How often a step says that pages of a block came online, less how often that they went.</summary>
    private static int Told(CaseFacts facts, int index, in BlockView block)
    {
        ref readonly var step = ref facts.Trace.Steps[index];
        var told = 0;
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            ref readonly var e = ref facts.Events[at];
            if (e.Kind == TraceEventKind.Notify && step.Owns(e) && e.Notification.Pfn >= block.Start
                && e.Notification.EndPfn == block.End)
            {
                told += e.IsNotification(MemoryAction.Online) ? 1 : e.IsNotification(MemoryAction.Offline) ? -1 : 0;
            }
        }

        return told;
    }

    private static bool IsThere(Snapshot state, ulong start)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            if (block.Start == start)
                return true;
        }

        return false;
    }

    private static bool IsOnline(Snapshot state, ulong start)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            if (block.Start == start)
                return block.IsOnline;
        }

        return false;
    }

    private static Verdict SpansFollowBlocks(CaseFacts facts)
    {
        if (!facts.IsSerial)
            return Verdict.NotObservable;

        for (var i = 0; i < facts.Trace.Steps.Length; i++)
        {
            var before = facts.Trace.SnapshotAfter(i);
            var after = facts.Trace.SnapshotAfter(i + 1);
            foreach (ref readonly var zone in after.Zones)
            {
                var (start, end) = SpanOf(before, zone);
                if ((zone.Start != start && !IsEdge(after, zone.Start))
                    || (zone.Start + zone.Spanned != end && !IsEdge(after, zone.Start + zone.Spanned)
                        && !IsManaged(after, zone.Start + zone.Spanned - 1)))
                {
                    return Verdict.BrokenAt(
                        new AddressRange(Pages.Address(zone.Start), Pages.Address(zone.Start + zone.Spanned)),
                        Pages.Address(start), Pages.Address(zone.Start)).At(i + 1);
                }
            }
        }

        return Verdict.Holds;
    }

    private static (ulong Start, ulong End) SpanOf(Snapshot state, in ZoneView zone)
    {
        foreach (ref readonly var old in state.Zones)
        {
            if (old.Nid == zone.Nid && old.Kind == zone.Kind)
                return (old.Start, old.Start + old.Spanned);
        }

        return default;
    }

    /// <summary>A memory block, or managed pages, begin or end there.</summary>
    private static bool IsEdge(Snapshot state, ulong pfn)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            if (block.Start == pfn || block.End == pfn)
                return true;
        }

        return IsManaged(state, pfn);
    }

    /// <summary>The page frame is in a subsection with managed pages: a shrinking zone asks for no more.</summary>
    private static bool IsManaged(Snapshot state, ulong pfn)
    {
        foreach (ref readonly var managed in state.Managed)
        {
            if (managed.Start / SubsectionPages <= pfn / SubsectionPages
                && pfn / SubsectionPages <= (managed.End - 1) / SubsectionPages)
            {
                return true;
            }
        }

        return false;
    }
}
