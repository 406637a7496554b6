// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family H, third part: memory blocks, zones, managed pages and results tell the same story.</summary>
internal static class BlockInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("H17", "memory blocks are aligned, ascend and are disjoint; so do managed pages", Contract,
            "memory_block_size_bytes(), drivers/base/memory.c", Evidence.Address,
            static v => OnStates(v, FirstOutOfOrder)),
        new("H18", "a page is managed if and only if it is memory in an online block, on the node that memblock says",
            Contract, "online_pages(), offline_pages()", Evidence.None, static v => WithMemblock(v, FirstMismanaged)),
        new("H19", "a block that is in one zone lies in that zone of its node", Contract, "move_pfn_range_to_zone()",
            Evidence.None, static v => OnStates(v, FirstOutsideItsZone)),
        new("H20", "zones of a node are disjoint and span every page of their node that is managed", Contract,
            "resize_zone_range(), shrink_zone_span()", Evidence.Address,
            static v => WithMemblock(v, FirstWithoutZone)),
        new("H22", "zones of a node have as many present pages as its memory in online blocks", Contract,
            "adjust_present_page_count()", Evidence.Count, PresentPagesAreCounted),
        new("H21", "a step on memory blocks succeeds exactly when it did what it is about", Contract,
            "drivers/base/memory.c: state_store(); add_memory(), remove_memory()", Evidence.Result, ResultsAreTrue),
    ];

    /// <summary>Pages whose struct pages fill a page.</summary>
    private const ulong PagesOfOneMemmapPage = Sizes.Page4K / 64;

    private delegate AddressRange StateRule(Snapshot state);

    private static AddressRange Bytes(ulong start, ulong end) => new(Pages.Address(start), Pages.Address(end));

    /// <summary>Without memblock nobody knows on which node a page is.</summary>
    private static Verdict WithMemblock(CaseFacts facts, StateRule rule) =>
        facts.Sees(Observes.Memblock) ? OnStates(facts, rule) : Verdict.NotObservable;

    private static Verdict OnStates(CaseFacts facts, StateRule rule)
    {
        if (!facts.IsSerial)
            return Verdict.NotObservable;

        var isSeen = false;
        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            // Before there is user space, a running kernel shows none.
            var state = facts.Trace.SnapshotAfter(i);
            isSeen |= state.Blocks.Length > 0;
            if (!isSeen || (i > 0 && ReferenceEquals(state, facts.Trace.SnapshotAfter(i - 1))))
                continue;

            var range = rule(state);
            if (!range.IsEmpty)
                return Verdict.BrokenAt(range).At(i);
        }

        return isSeen ? Verdict.Holds : Verdict.NotObservable;
    }

    private static AddressRange FirstOutOfOrder(Snapshot state)
    {
        ulong end = 0;
        var size = state.Blocks.Length > 0 ? state.Blocks[0].End - state.Blocks[0].Start : 0;
        foreach (ref readonly var block in state.Blocks)
        {
            if (block.Start < end || block.End - block.Start != size || block.Start % size != 0)
                return Bytes(block.Start, Math.Max(block.End, block.Start + 1));

            end = block.End;
        }

        end = 0;
        foreach (ref readonly var managed in state.Managed)
        {
            if (managed.Start < end || managed.End <= managed.Start)
                return Bytes(managed.Start, Math.Max(managed.End, managed.Start + 1));

            end = managed.End;
        }

        return default;
    }

    /// <summary>Walks over blocks, memory and managed pages at once.</summary>
    private static AddressRange FirstMismanaged(Snapshot state)
    {
        var (region, managed) = (0, 0);
        foreach (ref readonly var block in state.Blocks)
        {
            var from = Math.Max(block.Start, Pages.PfnDown(Sizes.Mib));
            while (true)
            {
                var memory = block.IsOnline ? NextMemory(state, from, block.End, ref region) : default;
                from = memory.Count > 0 ? memory.End : from;
                var pages = NextManaged(state, block, ref managed);

                // Pages in front of a block that was added may hold its own struct pages.
                var hasMemmap = memory.Start == block.Start && pages.End == block.End
                    && pages.Start - memory.Start == (block.End - block.Start) / PagesOfOneMemmapPage;
                if (memory != pages && !(hasMemmap && memory.End == pages.End && memory.Nid == pages.Nid))
                    return (memory.Count == 0 ? pages : memory).Bytes;

                if (memory.Count == 0)
                    break;
            }
        }

        return managed < state.Managed.Length ? state.Managed[managed].Bytes : default;
    }

    /// <summary>The next memory in page frames [from, end); touching regions of a node are one.</summary>
    private static PfnRange NextMemory(Snapshot state, ulong from, ulong end, ref int at)
    {
        var next = new PfnRange(0, 0, 0);
        for (; at < state.Memory.Length; at++)
        {
            ref readonly var region = ref state.Memory[at];
            var start = Math.Max(Pages.PfnUp(region.Base), from);
            var stop = Math.Min(Pages.PfnDown(region.End), end);
            var isNext = start < stop && (next.Count == 0 || (start == next.End && region.Nid == next.Nid));
            if (isNext)
                next = new PfnRange(next.Count > 0 ? next.Start : start, stop, region.Nid);

            // What reaches beyond is looked at again, for the next block.
            if ((start < stop && !isNext) || Pages.PfnDown(region.End) > end)
                break;
        }

        return next;
    }

    private static PfnRange NextManaged(Snapshot state, in BlockView block, ref int at)
    {
        var next = new PfnRange(0, 0, 0);
        for (; at < state.Managed.Length && state.Managed[at].Start < block.End; at++)
        {
            ref readonly var piece = ref state.Managed[at];
            if (next.Count > 0 && (piece.Start != next.End || piece.Nid != next.Nid))
                break;

            next = new PfnRange(next.Count > 0 ? next.Start : piece.Start, piece.End, piece.Nid);
        }

        return next;
    }

    private static AddressRange FirstOutsideItsZone(Snapshot state)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            if (block is { IsOnline: false, Zone: not null })
                return Bytes(block.Start, block.End);

            if (block.Zone is not { } kind)
                continue;

            var isInside = false;
            foreach (ref readonly var zone in state.Zones)
            {
                isInside |= zone.Nid == block.Nid && zone.Kind == kind && zone.Start < block.End
                    && block.Start < zone.Start + zone.Spanned;
            }

            if (!isInside)
                return Bytes(block.Start, block.End);
        }

        return default;
    }

    private static AddressRange FirstWithoutZone(Snapshot state)
    {
        for (var i = 1; i < state.Zones.Length; i++)
        {
            ref readonly var before = ref state.Zones[i - 1];
            ref readonly var zone = ref state.Zones[i];
            if (before.Nid > zone.Nid || (before.Nid == zone.Nid && before.Kind >= zone.Kind))
                return Bytes(zone.Start, zone.Start + zone.Spanned);
        }

        foreach (ref readonly var managed in state.Managed)
        {
            var at = managed.Start;
            foreach (ref readonly var zone in state.Zones)
            {
                if (zone.Nid == managed.Nid && zone.Start <= at && at < zone.Start + zone.Spanned)
                    at = zone.Start + zone.Spanned;
            }

            if (at < managed.End)
                return Bytes(at, managed.End);
        }

        return default;
    }

    private static Verdict PresentPagesAreCounted(CaseFacts facts)
    {
        if (!facts.IsSerial || !facts.Sees(Observes.Memblock) || facts.Scenario.Machine.Options.KernelcoreMirror)
            return Verdict.NotObservable;

        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            if (MiscountIn(facts.Trace.SnapshotAfter(i)) is { IsBroken: true } verdict)
                return verdict.At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict MiscountIn(Snapshot state)
    {
        for (var i = 0; i < state.Zones.Length; i++)
        {
            var nid = state.Zones[i].Nid;
            if (i > 0 && state.Zones[i - 1].Nid == nid)
                continue;

            ulong present = 0;
            foreach (ref readonly var zone in state.Zones)
                present += zone.Nid == nid ? zone.Present : 0;

            if (OnlinePages(state, nid) is var expected && present != expected)
            {
                var span = Bytes(state.Zones[i].Start, state.Zones[i].Start + state.Zones[i].Spanned);
                return Verdict.BrokenAt(span, expected, present);
            }
        }

        return Verdict.Holds;
    }

    private static ulong OnlinePages(Snapshot state, int nid)
    {
        ulong pages = 0;
        var first = 0;
        foreach (ref readonly var region in state.Memory)
        {
            if (region.Nid != nid)
                continue;

            var (start, end) = (Pages.PfnUp(region.Base), Pages.PfnDown(region.End));
            while (first < state.Blocks.Length && state.Blocks[first].End <= start)
                first++;

            for (var b = first; b < state.Blocks.Length && state.Blocks[b].Start < end; b++)
            {
                var stop = Math.Min(end, state.Blocks[b].End);
                var from = Math.Max(start, state.Blocks[b].Start);
                pages += state.Blocks[b].IsOnline && stop > from ? stop - from : 0;
            }
        }

        return pages;
    }

    private static Verdict ResultsAreTrue(CaseFacts facts)
    {
        if (!facts.IsSerial || facts.Trace.SnapshotAfter(0).Blocks.Length == 0)
            return Verdict.NotObservable;

        for (var i = 0; i < facts.Trace.Steps.Length; i++)
        {
            ref readonly var record = ref facts.Trace.Steps[i];
            var expected = Succeeds(record.Step, facts.Trace.SnapshotAfter(i), facts.Trace.SnapshotAfter(i + 1));
            if (expected is { } does && does != record.Result >= 0)
            {
                return Verdict.BrokenBy(does ? 0 : unchecked((ulong)-1), unchecked((ulong)(long)record.Result))
                    .At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    /// <summary>Null: states don't tell.</summary>
    private static bool? Succeeds(in Step step, Snapshot before, Snapshot after)
    {
        var isSame = before.Blocks.SequenceEqual(after.Blocks);
        return step.Kind switch
        {
            StepKind.BlockOnline or StepKind.BlockOffline => !isSame,
            StepKind.AutoOnline => true,
            StepKind.HotAdd or StepKind.HotAddManaged => after.Blocks.Length > before.Blocks.Length,
            StepKind.HotRemove or StepKind.OfflineAndRemove =>
                HasBlock(before, step.Range) ? after.Blocks.Length < before.Blocks.Length : null,
            _ => null,
        };
    }

    private static bool HasBlock(Snapshot state, AddressRange range)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            if (Bytes(block.Start, block.End).Overlaps(range))
                return true;
        }

        return false;
    }
}
