// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Search.KnownIssues;

/// <summary>What running kernels do against their own intent when memory comes and goes.</summary>
internal static class HotplugKnownIssues
{
    public static IEnumerable<KnownIssue> All =>
    [
        new(
            "refused-online-moves-span", "H9",
            "A refused online extends the zone and shrinks it again by whole subsections, so that its span is "
                + "another one afterwards.",
            "Seen on running kernels, 8 times in 18,945 steps, where a node or a zone ends inside 2 MiB; no page "
                + "changes its zone.",
            "6.8 to 7.3",
            "shrink_zone_span(): PAGES_PER_SUBSECTION; recorded boots of 6.12",
            "managed pages: one dropped",
            OnlySpansMoved),
        new(
            "rollback-moves-zone", "H10",
            "An unplug that fails puts the blocks that had gone offline back with plain \"online\": Movable "
                + "becomes Normal, or Normal another kernel zone.",
            "Seen on running kernels: the memory can't be unplugged any more although nobody else touched it.",
            "6.8 to 7.3",
            "acpi_bus_online(), try_reonline_memory_block(); recorded boots of 6.12",
            "memory blocks: another state",
            OnlyZonesChanged),
        new(
            "rollback-refused", "H10",
            "An unplug that fails puts blocks back, the notifier refuses one, and it stays offline.",
            "Needs a block that may not come back: one that lies across two entries of the list.",
            "6.8 to 7.3",
            "try_reonline_memory_block() only warns; recorded boots of 6.12",
            "memory blocks: another state",
            WasRefused),
        new(
            "edge-in-block", "H11",
            "Memory of two flags in one block of one zone makes two entries that touch; the block can go offline "
                + "and never comes back.",
            "Needs kernelcore=mirror and an edge of mirrored memory below 4 GiB inside a block; hosts of 64 GiB "
                + "and more have blocks of 2 GiB there, with holes.",
            "6.8 to 7.3; on 7.3 above 4 GiB too",
            "is_tdx_memory(): one entry must hold the block; mail on adjacent entries",
            "online-below-end",
            HasFlagEdge),
        new(
            "edge-in-block-of-offline", "H13",
            "The same for memory that was offline when TDX was initialised.",
            "As edge-in-block; memory that was added by two devices and touches inside no block never shows it.",
            "6.8 to 7.3; from 7.1 on nothing is offline yet when TDX is initialised",
            "is_tdx_memory(): one entry must hold the block; mail on adjacent entries",
            "online-below-end",
            HasFlagEdge),
    ];

    private static bool OnlySpansMoved(CaseFacts facts, Verdict verdict)
    {
        var before = facts.Trace.SnapshotAfter(verdict.Step - 1);
        var after = facts.Trace.SnapshotAfter(verdict.Step);
        if (!before.Blocks.SequenceEqual(after.Blocks) || !before.Managed.SequenceEqual(after.Managed)
            || !before.Memory.SequenceEqual(after.Memory) || !before.Memlist.SequenceEqual(after.Memlist))
        {
            return false;
        }

        var nid = NodeAt(before, verdict.Range);
        foreach (ref readonly var zone in after.Zones)
        {
            var old = Same(before, zone);
            if (zone.Present != old.Present || (zone != old && zone.Nid != nid)
                || (Intersects(zone, verdict.Range) && !Intersects(old, verdict.Range)))
            {
                return false;
            }
        }

        return true;
    }

    private static ZoneView Same(Snapshot before, in ZoneView zone)
    {
        foreach (ref readonly var old in before.Zones)
        {
            if (old.Nid == zone.Nid && old.Kind == zone.Kind)
                return old;
        }

        return zone with { Start = 0, Spanned = 0, Present = 0 };
    }

    private static bool Intersects(in ZoneView zone, AddressRange range) =>
        new AddressRange(Pages.Address(zone.Start), Pages.Address(zone.Start + zone.Spanned)).Overlaps(range);

    private static int NodeAt(Snapshot state, AddressRange range)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            if (Bytes(block) == range)
                return block.Nid;
        }

        return -1;
    }

    private static AddressRange Bytes(in BlockView block) => new(Pages.Address(block.Start), Pages.Address(block.End));

    /// <summary>acpi_bus_online() finds a zone anew; offline_and_remove_memory() keeps at least movable and kernel
    /// memory apart.</summary>
    private static bool OnlyZonesChanged(CaseFacts facts, Verdict verdict)
    {
        var isDimm = facts.Trace.Steps[verdict.Step - 1].Step.Kind == StepKind.UnplugDimm;
        var before = facts.Trace.SnapshotAfter(verdict.Step - 1).Blocks;
        var after = facts.Trace.SnapshotAfter(verdict.Step).Blocks;
        for (var i = 0; i < before.Length && i < after.Length; i++)
        {
            if (before[i] != after[i] && !IsMovedOnly(before[i], after[i], isDimm))
                return false;
        }

        return before.Length == after.Length;
    }

    private static bool IsMovedOnly(in BlockView before, in BlockView after, bool isDimm) =>
        before == (after with { Zone = before.Zone }) && after.Zone is not null
        && (isDimm || before.Zone is ZoneKind.Movable == after.Zone is ZoneKind.Movable);

    private static bool WasRefused(CaseFacts facts, Verdict verdict)
    {
        var isDimm = facts.Trace.Steps[verdict.Step - 1].Step.Kind == StepKind.UnplugDimm;
        var before = facts.Trace.SnapshotAfter(verdict.Step - 1).Blocks;
        var after = facts.Trace.SnapshotAfter(verdict.Step).Blocks;
        for (var i = 0; i < before.Length && i < after.Length; i++)
        {
            if (before[i] != after[i] && !IsMovedOnly(before[i], after[i], isDimm)
                && (after[i].IsOnline || !IsRefused(facts, verdict.Step, after[i])))
            {
                return false;
            }
        }

        return before.Length == after.Length;
    }

    private static bool IsRefused(CaseFacts facts, int number, in BlockView block)
    {
        var step = facts.Trace.Steps[number - 1];
        foreach (ref readonly var e in facts.Events[step.FirstEvent..step.EndEvent])
        {
            if (step.Owns(e) && e.IsNotification(MemoryAction.GoingOnline) && e.Notification.Errno != 0
                && e.Notification.Pfn >= block.Start && e.Notification.Pfn < block.End)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Inside the range memory of two flags touches, and an entry ends there.</summary>
    private static bool HasFlagEdge(CaseFacts facts, Verdict verdict)
    {
        var regions = facts.Before.Memory;
        for (var i = 1; i < regions.Length; i++)
        {
            var edge = regions[i].Range.Start;
            if (edge == regions[i - 1].Range.End && regions[i].Nid == regions[i - 1].Nid
                && regions[i].Flags != regions[i - 1].Flags
                && edge > verdict.Range.Start && edge < verdict.Range.End && EndsEntry(facts, edge))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsEntry(CaseFacts facts, ulong edge)
    {
        foreach (ref readonly var entry in facts.After.Memlist)
        {
            if (entry.Bytes.End == edge)
                return true;
        }

        return false;
    }
}
