// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family H, memory blocks: what the page allocator has, what a refusal leaves behind, what can come
/// back.</summary>
internal static class HotplugInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        .. OfBlocks.Select(static i => i with { NeedsBlocks = true }),
        new("H15", "tdx_module_lock is never taken with mem_hotplug_lock held", Contract,
            "tdx_enable(): cpus_read_lock(), tdx_module_lock, mem_hotplug_lock", Evidence.None, LocksInOrder),
    ];

    private static IEnumerable<Invariant> OfBlocks =>
    [
        new("H5", "while TDX is on, every page that the page allocator manages is in tdx_memlist", Safety,
            "Documentation/arch/x86/tdx.rst: all memory managed by the page allocator is TDX memory", Evidence.None,
            static v => OnStates(v, static (facts, state) => FirstOutside(state, facts.Pages.Listed))),
        new("H6", "while TDX is on, every page that the page allocator manages is convertible", Safety,
            "Documentation/arch/x86/tdx.rst; TDX module: CMRs", Evidence.None,
            static v => OnStates(v, FirstUnconvertible)),
        new("H7", "a notification is about one memory block", Contract,
            "memory_block_online(): is_tdx_memory() relies on it", Evidence.None,
            static v => OnNotifications(v, IsInOneBlock)),
        new("H8", "the memory notifier is called with mem_hotplug_lock held for writing", Contract,
            "\"tdx_memlist is protected by mem_hotplug_lock\", tdx.c", Evidence.None, NotifiesLocked),
        new("H9", "a refused memory block leaves blocks, zones, memblock and managed pages as they were", Contract,
            "online_pages(): failed_addition", Evidence.None, static v => OnSteps(v, RefusalChangesNothing)),
        new("H10", "a DIMM that can't be unplugged keeps its blocks online in their zones", Contract,
            "acpi_scan_try_to_offline(): acpi_bus_online()", Evidence.None,
            static v => OnSteps(v, KeptDimmKeepsBlocks)),
        new("H11", "what was managed when TDX was initialised can come back online", Contract,
            "mail: Dave Hansen and Huang Ying on adjacent entries", Evidence.None,
            static v => OnNotifications(v, ComesBack)),
        new("H12", "a memory block that holds a PAMT never goes offline", Safety,
            "alloc_contig_pages(): PAMTs are not movable", Evidence.None, static v => OnSteps(v, PamtStays)),
        new("H13", "memory that was there when TDX was initialised, online or not, may come online", Contract,
            "mail: David Hildenbrand on memory that is added and offline", Evidence.None,
            static v => OnNotifications(v, WasThere)),
        new("H14", "memory that is not TDX memory can be added while TDX is on", Contract,
            "CXL and persistent memory are added as devices before anybody decides to put them online",
            Evidence.Result, static v => OnSteps(v, CanBeAdded)),
    ];

    private delegate AddressRange StateRule(CaseFacts facts, Snapshot state);
    private delegate Verdict StepRule(CaseFacts facts, int index);
    private delegate Verdict NotificationRule(CaseFacts facts, int index, in TraceEvent notification);
    private static bool HasBlocks(CaseFacts facts) => facts.Trace.HasState
        && facts.Trace.SnapshotAfter(0).Blocks.Length > 0
        && facts.Sees(Observes.Memblock | Observes.Memlist | Observes.Tdmrs | Observes.Events);
    private static AddressRange Bytes(ulong start, ulong end) => new(Pages.Address(start), Pages.Address(end));

    /// <summary>Judges the state after every step from the one on in which TDX was initialised.</summary>
    private static Verdict OnStates(CaseFacts facts, StateRule rule)
    {
        if (!HasBlocks(facts) || !facts.Succeeded)
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = facts.EnableStep; i < steps.Length; i++)
        {
            var range = rule(facts, facts.Trace.SnapshotAfter(i + 1));
            if (!range.IsEmpty)
                return Verdict.BrokenAt(range).At(i + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict OnSteps(CaseFacts facts, StepRule rule)
    {
        if (!HasBlocks(facts))
            return Verdict.NotObservable;

        for (var i = 0; i < facts.Trace.Steps.Length; i++)
        {
            var verdict = rule(facts, i);
            if (verdict.IsBroken)
                return verdict.At(i + 1);
        }

        return Verdict.Holds;
    }

    private static Verdict OnNotifications(CaseFacts facts, NotificationRule rule)
    {
        if (!HasBlocks(facts))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                var verdict = e.Kind == TraceEventKind.Notify && steps[i].Owns(e) ? rule(facts, i, e) : Verdict.Holds;
                if (verdict.IsBroken)
                    return verdict.At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    private static AddressRange FirstOutside(Snapshot state, RangeSet set)
    {
        foreach (ref readonly var managed in state.Managed)
        {
            var outside = set.FirstMissing(managed.Bytes);
            if (!outside.IsEmpty)
                return outside;
        }

        return default;
    }

    private static AddressRange FirstUnconvertible(CaseFacts facts, Snapshot state) =>
        facts.Scenario.Machine.Cmrs.Count == 0 ? default : FirstOutside(state, facts.Pages.Convertible);

    private static Verdict IsInOneBlock(CaseFacts facts, int index, in TraceEvent notification)
    {
        var (start, end) = (notification.Notification.Pfn, notification.Notification.EndPfn);
        foreach (ref readonly var block in facts.Trace.SnapshotAfter(index).Blocks)
        {
            if (block.Start <= start && end <= block.End)
                return Verdict.Holds;
        }

        foreach (ref readonly var block in facts.Trace.SnapshotAfter(index + 1).Blocks)
        {
            if (block.Start <= start && end <= block.End)
                return Verdict.Holds;
        }

        return Verdict.BrokenAt(Bytes(start, end));
    }

    private static Verdict NotifiesLocked(CaseFacts facts)
    {
        if (!HasBlocks(facts))
            return Verdict.NotObservable;

        Span<bool> isLocked = stackalloc bool[Trace.MaxTasks];
        foreach (ref readonly var e in facts.Events)
        {
            if (e.Kind is TraceEventKind.Lock or TraceEventKind.Unlock && e.Lock == HostLock.MemHotplugWrite)
                isLocked[e.Task] = e.Kind == TraceEventKind.Lock;
            else if (e.Kind == TraceEventKind.Notify && !isLocked[e.Task])
                return Verdict.BrokenAt(Bytes(e.Notification.Pfn, e.Notification.EndPfn));
        }

        return Verdict.Holds;
    }

    private static Verdict LocksInOrder(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        Span<int> held = stackalloc int[Trace.MaxTasks];
        foreach (ref readonly var e in facts.Events)
        {
            if (e.Kind is not (TraceEventKind.Lock or TraceEventKind.Unlock))
                continue;

            if (e.Lock is HostLock.MemHotplugRead or HostLock.MemHotplugWrite)
                held[e.Task] += e.Kind == TraceEventKind.Lock ? 1 : -1;
            else if (e.IsLock(HostLock.TdxModule) && held[e.Task] > 0)
                return Verdict.BrokenBy(0, 1);
        }

        return Verdict.Holds;
    }

    private static Verdict RefusalChangesNothing(CaseFacts facts, int index)
    {
        var step = facts.Trace.Steps[index];
        if (step.Step.Kind != StepKind.BlockOnline || step.Result != -Errno.Eperm)
            return Verdict.Holds;

        var before = facts.Trace.SnapshotAfter(index);
        var after = facts.Trace.SnapshotAfter(index + 1);
        var isSame = before.Blocks.SequenceEqual(after.Blocks) && before.Zones.SequenceEqual(after.Zones)
            && before.Managed.SequenceEqual(after.Managed) && before.Memory.SequenceEqual(after.Memory)
            && before.Memlist.SequenceEqual(after.Memlist);
        return isSame ? Verdict.Holds : Verdict.BrokenAt(BlockAt(before, step.Step.Address));
    }

    private static AddressRange BlockAt(Snapshot state, ulong address)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            var bytes = Bytes(block.Start, block.End);
            if (bytes.Start <= address && address < bytes.End)
                return bytes;
        }

        return default;
    }

    private static Verdict KeptDimmKeepsBlocks(CaseFacts facts, int index)
    {
        var step = facts.Trace.Steps[index];
        if (step.Step.Kind is not (StepKind.UnplugDimm or StepKind.OfflineAndRemove) || step.Result >= 0)
            return Verdict.Holds;

        var before = facts.Trace.SnapshotAfter(index).Blocks;
        var after = facts.Trace.SnapshotAfter(index + 1).Blocks;
        for (var i = 0; i < before.Length && i < after.Length; i++)
        {
            if (before[i] != after[i])
                return Verdict.BrokenAt(Bytes(before[i].Start, before[i].End));
        }

        return Verdict.Holds;
    }

    /// <summary>All pages of the notification were managed when TDX was initialised, and it is refused.</summary>
    private static Verdict ComesBack(CaseFacts facts, int index, in TraceEvent notification)
    {
        if (!facts.Succeeded || index <= facts.EnableStep
            || notification.Notification.Action != MemoryAction.GoingOnline || notification.Notification.Errno == 0)
        {
            return Verdict.Holds;
        }

        ulong at = notification.Notification.Pfn;
        var end = notification.Notification.EndPfn;
        foreach (ref readonly var managed in facts.After.Managed)
            at = managed.Start <= at && at < managed.End ? managed.End : at;

        return at >= end ? Verdict.BrokenAt(Bytes(notification.Notification.Pfn, end)) : Verdict.Holds;
    }

    /// <summary>memblock held all pages of the notification when TDX was initialised, and it is refused.</summary>
    private static Verdict WasThere(CaseFacts facts, int index, in TraceEvent notification)
    {
        if (!facts.Succeeded || index <= facts.EnableStep
            || notification.Notification.Action != MemoryAction.GoingOnline || notification.Notification.Errno == 0)
        {
            return Verdict.Holds;
        }

        var range = Bytes(notification.Notification.Pfn, notification.Notification.EndPfn);
        return facts.Pages.Eligible.Contains(range) ? Verdict.BrokenAt(range) : Verdict.Holds;
    }

    private static Verdict CanBeAdded(CaseFacts facts, int index)
    {
        var step = facts.Trace.Steps[index];
        return step.Step.Kind is StepKind.HotAdd or StepKind.HotAddManaged && step.Result == -Errno.Eperm
            ? Verdict.BrokenAt(step.Step.Range, 0, unchecked((ulong)step.Result))
            : Verdict.Holds;
    }

    private static Verdict PamtStays(CaseFacts facts, int index)
    {
        if (!facts.Succeeded || index <= facts.EnableStep)
            return Verdict.Holds;

        // A block that is gone went offline before.
        var now = facts.Trace.SnapshotAfter(index + 1).Blocks;
        foreach (ref readonly var held in facts.After.Blocks)
        {
            var bytes = Bytes(held.Start, held.End);
            if (held.IsOnline && HoldsChunk(facts, bytes) && !IsOnlineIn(now, held.Start))
                return Verdict.BrokenAt(bytes);
        }

        return Verdict.Holds;
    }

    private static bool HoldsChunk(CaseFacts facts, AddressRange bytes)
    {
        foreach (ref readonly var chunk in facts.Chunks)
        {
            if (chunk.Overlaps(bytes))
                return true;
        }

        return false;
    }

    private static bool IsOnlineIn(ReadOnlySpan<BlockView> blocks, ulong start)
    {
        foreach (ref readonly var block in blocks)
        {
            if (block.Start == start)
                return block.IsOnline;
        }

        return false;
    }
}
