// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Properties.Views;

namespace TdxVerify.Search.Knowns;

/// <summary>What running kernels do against their own intent when memory comes and goes.</summary>
internal static class HotplugKnowns
{
    /// <summary>All of them.</summary>
    public static IEnumerable<KnownFinding> All =>
    [
        new(
            "refused-online-moves-span", "H9",
            "A refused online extends the zone and shrinks it again by whole subsections, so that its span is another one afterwards.",
            "Seen on running kernels, 8 times in 18,945 steps, where a node or a zone ends inside 2 MiB; no page changes its zone.",
            "shrink_zone_span(): PAGES_PER_SUBSECTION; recorded boots of 6.12",
            "refusal-keeps-span",
            static (view, verdict) => OnlySpansMoved(view, verdict)),
        new(
            "rollback-moves-zone", "H10",
            "An unplug that fails puts the blocks that had gone offline back with plain \"online\": Movable becomes Normal, or Normal another kernel zone.",
            "Seen on running kernels: the memory can't be unplugged any more although nobody else touched it.",
            "acpi_bus_online(), try_reonline_memory_block(); recorded boots of 6.12",
            "rollback-forgotten",
            static (view, verdict) => OnlyZonesChanged(view, verdict)),
        new(
            "rollback-refused", "H10",
            "An unplug that fails puts blocks back, the notifier refuses one, and it stays offline.",
            "Needs a block that may not come back: one that lies across two entries of the list.",
            "try_reonline_memory_block() only warns; recorded boots of 6.12",
            "rollback-forgotten",
            static (view, verdict) => WasRefused(view, verdict)),
        new(
            "edge-in-block", "H11",
            "Memory of two flags in one block of one zone makes two entries that touch; the block can go offline and never comes back.",
            "Needs kernelcore=mirror and an edge of mirrored memory below 4 GiB inside a block; hosts of 64 GiB and more have blocks of 2 GiB there, with holes.",
            "is_tdx_memory(): one entry must hold the block; mail on adjacent entries",
            "online-below-end",
            static (view, verdict) => view.Pages.Listed.Contains(verdict.Range) && IsInTwoEntries(view, verdict.Range)),
        new(
            "edge-in-block-of-offline", "H13",
            "The same for memory that was offline when TDX was initialised.",
            "As edge-in-block; memory that was added by two devices and touches inside no block never shows it.",
            "is_tdx_memory(): one entry must hold the block; mail on adjacent entries",
            "online-below-end",
            static (view, verdict) => view.Pages.Listed.Contains(verdict.Range) && IsInTwoEntries(view, verdict.Range)),
    ];

    private static bool OnlySpansMoved(CaseView view, Verdict verdict)
    {
        var before = view.Trace.SnapshotAfter(verdict.Step - 1);
        var after = view.Trace.SnapshotAfter(verdict.Step);
        if (!before.Blocks.SequenceEqual(after.Blocks) || !before.Managed.SequenceEqual(after.Managed)
            || !before.Memory.SequenceEqual(after.Memory) || !before.Memlist.SequenceEqual(after.Memlist))
        {
            return false;
        }

        foreach (ref readonly var zone in after.Zones)
        {
            if (Spans(zone, verdict.Range) && !WasSpanned(before, zone, verdict.Range))
            {
                return false;
            }
        }

        return true;
    }

    private static bool WasSpanned(Snapshot before, in ZoneView zone, AddressRange range)
    {
        foreach (ref readonly var old in before.Zones)
        {
            if (old.Nid == zone.Nid && old.Kind == zone.Kind)
            {
                return Spans(old, range);
            }
        }

        return false;
    }

    private static bool Spans(in ZoneView zone, AddressRange range) =>
        Pages.Address(zone.Start) <= range.Start && range.End <= Pages.Address(zone.Start + zone.Spanned);

    private static bool OnlyZonesChanged(CaseView view, Verdict verdict)
    {
        var before = view.Trace.SnapshotAfter(verdict.Step - 1).Blocks;
        var after = view.Trace.SnapshotAfter(verdict.Step).Blocks;
        for (var i = 0; i < before.Length && i < after.Length; i++)
        {
            if (before[i] != (after[i] with { Zone = before[i].Zone }))
            {
                return false;
            }
        }

        return before.Length == after.Length;
    }

    private static bool WasRefused(CaseView view, Verdict verdict)
    {
        var step = view.Trace.Steps[verdict.Step - 1];
        foreach (ref readonly var happened in view.Events[step.FirstEvent..step.EndEvent])
        {
            if (happened.Kind == TraceEventKind.Notify && happened.A == (ulong)MemoryAction.GoingOnline && happened.D != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsInTwoEntries(CaseView view, AddressRange range)
    {
        foreach (ref readonly var entry in view.After.Memlist)
        {
            if (entry.Bytes.Contains(range))
            {
                return false;
            }
        }

        return true;
    }
}
