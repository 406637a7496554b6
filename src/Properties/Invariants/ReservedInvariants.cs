// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family M: memblock.reserved, and what memblock answers.</summary>
internal sealed class ReservedInvariants
{
    private const MemblockFlags OfReservations = MemblockFlags.ReservedNoinit | MemblockFlags.ReservedKern;
    /// <summary>An array of more regions than any case has, in bytes.</summary>
    private const ulong LargeArray = 64 * 1024;

    private readonly RegionMap _left = new();
    private readonly ExpectedMemory _truth = new();

    public static IEnumerable<Invariant> All => new ReservedInvariants().Make();

    private IEnumerable<Invariant> Make() =>
    [
        new("M9", "after boot, memblock.reserved loses arrays of regions that moved, and nothing else", Contract,
            "memblock_double_array(): slab_is_available()", Evidence.Count, OnlyArraysGo),
        new("M10",
            "a call of memblock fails only with -ENOMEM, where an array of regions is full and has no room to grow",
            Contract,
            "memblock_double_array() and its callers", Evidence.Result, FailsOnlyWhereFull),
        new("M11", "memblock.reserved is what the calls and the arrays of regions add up to, with the node and the "
            + "flags that calls gave", Contract,
            "memblock_reserve(), memblock_phys_free(): set semantics", Evidence.Address, ReservedAddsUp),
        new("M13", "an allocation of memblock is the highest free memory that fits, or with bottom_up the lowest",
            Contract, "memblock_alloc_range_nid(), __memblock_find_range_top_down()", Evidence.Address,
            static v => AnswersAreTrue(v, static c => c.IsAllocation)),
        new("M14", "memblock_overlaps_region() says yes exactly where a byte of its range is in the list", Contract,
            "memblock_overlaps_region()", Evidence.Address, static v => AnswersAreTrue(v, IsQuestion)),
        new("M15",
            "a region of memblock.reserved has flags of reservations alone, and a node only where a call named one",
            Contract, "memblock_reserve(), memblock_set_node(), memblock_alloc_range_nid() of 7.x", Evidence.Address,
            HasKindOfReservation),
        new("M16", "memblock.reserved.total_size is the size of its regions", Contract,
            "memblock_insert_region(), memblock_remove_region()", Evidence.Count, TotalIsTheSum),
        new("M17",
            "walks over memory, and over what of it is free, show all of it in order, forward and reverse", Contract,
            "__next_mem_range(), __next_mem_range_rev()", Evidence.None,
            static v => AnswersAreTrue(v, IsWalk)),
    ];

    private static bool IsQuestion(MemblockCall call) => call.IsAnswered && !call.IsAllocation && !IsWalk(call);

    private static bool IsWalk(MemblockCall call) => call.Kind == MemblockCallKind.Walk;

    /// <summary>7.x notes the node that an allocation asked for.</summary>
    private static bool IsOfAllocation(in MemblockRegion region) => (region.Flags & MemblockFlags.ReservedKern) != 0;

    private Verdict FailsOnlyWhereFull(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memblock | Observes.Reserved) || !facts.Trace.HasState)
            return Verdict.NotObservable;

        var before = 0;
        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            var errno = facts.Trace.SnapshotAfter(i).MemblockErrno;
            var mayBe = errno == -Errno.Erange
                || (errno == -Errno.Enomem && MayFail(facts, facts.Trace.SnapshotAfter(i)));
            if (errno != before && !mayBe)
                return Verdict.BrokenBy(unchecked((ulong)before), unchecked((ulong)errno)).At(i);

            before = errno;
        }

        return Verdict.Holds;
    }

    /// <summary>memblock says "Failed to double" where it is so.</summary>
    private bool MayFail(CaseFacts facts, Snapshot snapshot) =>
        snapshot.MemblockWarnings > 0 && MayFillAnArray(facts) && !HasRoom(facts.Scenario.Machine);

    /// <summary>Where a map that fills no array gives all memory, and calls only reserve, room at the end was there
    /// all the time.</summary>
    private bool HasRoom(Machine machine)
    {
        const int FewEntries = 32;
        return machine.E820.Count is > 0 and < FewEntries && machine.Srat.Count < FewEntries
            && machine.MemblockCalls.TrueForAll(static c => c.Kind == MemblockCallKind.Reserve)
            && _truth.TryBoot(machine)
            && new FreeMemory(_truth.Memory, _truth.Reserved, isBottomUp: false)
                .Find(0, ulong.MaxValue, LargeArray, Sizes.Page4K, PfnRange.NoNode, MemblockFlags.None) != 0;
    }

    /// <summary>An addition makes a region in each gap that it covers; anything else splits two at most.</summary>
    private static bool MayFillAnArray(CaseFacts facts)
    {
        // INIT_MEMBLOCK_REGIONS, less the two that memblock_isolate_range() wants.
        const int Array = 126;
        var machine = facts.Scenario.Machine;
        var calls = machine.MemblockCalls;
        var additions = machine.E820.Count + facts.Trace.Steps.Length;
        for (var i = 0; i < calls.Count; i++)
        {
            additions += calls[i].Kind is MemblockCallKind.Add or MemblockCallKind.Reserve ? 1 : 2;
            for (var j = 0; j < i; j++)
                additions += IsOver(calls[i], calls[j]) ? 1 : 0;
        }

        return additions + (2 * (machine.Srat.Count + machine.Mirrored.Count)) >= Array;
    }

    private static bool IsOver(in MemblockCall call, in MemblockCall earlier) =>
        call.Address <= earlier.Address && earlier.Address - call.Address < call.Size;

    private static Verdict TotalIsTheSum(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memblock | Observes.Reserved) || !facts.Trace.HasState)
            return Verdict.NotObservable;

        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            ulong sum = 0;
            foreach (ref readonly var region in facts.Trace.SnapshotAfter(i).Reserved)
                sum = unchecked(sum + region.Size);

            if (sum != facts.Trace.SnapshotAfter(i).ReservedBytes)
                return Verdict.BrokenBy(sum, facts.Trace.SnapshotAfter(i).ReservedBytes).At(i);
        }

        return Verdict.Holds;
    }

    private Verdict OnlyArraysGo(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memblock | Observes.Reserved) || !facts.Trace.HasState)
            return Verdict.NotObservable;

        for (var i = 1; i <= facts.Trace.Steps.Length; i++)
        {
            var verdict = OnlyArraysGo(facts.Trace.SnapshotAfter(i - 1), facts.Trace.SnapshotAfter(i));
            if (verdict.IsBroken)
                return verdict.At(i);
        }

        return Verdict.Holds;
    }

    private Verdict OnlyArraysGo(Snapshot before, Snapshot after)
    {
        if (before.Reserved.SequenceEqual(after.Reserved) && before.Arrays.SequenceEqual(after.Arrays)
            && before.ReservedBytes == after.ReservedBytes)
        {
            return Verdict.Holds;
        }

        _left.Clear();
        foreach (ref readonly var region in before.Reserved)
            _left.Apply(RegionMap.Change.Fill, region.Base, region.End, region.Nid, region.Flags);

        ulong gone = 0;
        foreach (var array in before.Arrays)
        {
            if (after.Arrays.Contains(array))
                continue;

            _left.Apply(RegionMap.Change.Erase, array.Start, array.End);
            gone += array.Size;
        }

        return _left.IsExactly(after.Reserved) && before.ReservedBytes - after.ReservedBytes == gone
            ? Verdict.Holds
            : Verdict.BrokenBy(before.ReservedBytes - gone, after.ReservedBytes);
    }

    private static Verdict HasKindOfReservation(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memblock | Observes.Reserved) || !facts.Trace.HasState)
            return Verdict.NotObservable;

        // numa_clear_kernel_node_hotplug() gives nodes to what a boot from a map reserved.
        var machine = facts.Scenario.Machine;
        var mayHaveNode = machine.E820.Count > 0 || machine.Srat.Count > 0
            || machine.MemblockCalls.Exists(static c => c.Kind == MemblockCallKind.SetNodeReserved);
        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            foreach (ref readonly var region in facts.Trace.SnapshotAfter(i).Reserved)
            {
                var hasNode = region.Nid is not (PfnRange.NoNode or PfnRange.MaxNumnodes);
                if ((region.Flags & ~OfReservations) != 0)
                    return Verdict.BrokenAt(region.Range, 0, (ulong)(region.Flags & ~OfReservations)).At(i);

                if (hasNode && !mayHaveNode && !IsOfAllocation(region))
                    return Verdict.BrokenAt(region.Range, PfnRange.MaxNumnodes, unchecked((ulong)region.Nid)).At(i);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict AnswersAreTrue(CaseFacts facts, Predicate<MemblockCall> isMeant)
    {
        var calls = facts.Scenario.Machine.MemblockCalls;
        if (!facts.Sees(Observes.Memblock | Observes.Reserved)
            || facts.ExpectedMemory is not { IsReservedKnown: true } truth
            || !facts.Trace.HasState || truth.Answers.IsEmpty)
        {
            return Verdict.NotObservable;
        }

        var answers = facts.Trace.SnapshotAfter(0).Answers;
        var nth = 0;
        foreach (ref readonly var call in CollectionsMarshal.AsSpan(calls))
        {
            if (!call.IsAnswered || nth >= answers.Length)
                continue;

            if (isMeant(call) && (call.Size > 0 || IsWalk(call))
                && truth.Answers[nth] != answers[nth])
            {
                var at = call.IsAllocation
                    ? AddressRange.OfSize(Math.Max(truth.Answers[nth], answers[nth]), call.Size)
                    : AddressRange.OfSize(call.Address, call.Size);
                return Verdict.BrokenAt(at, truth.Answers[nth], answers[nth]).At(0);
            }

            nth++;
        }

        return Verdict.Holds;
    }

    private static Verdict ReservedAddsUp(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memblock | Observes.Reserved) || !facts.Trace.HasState
            || facts.ExpectedMemory is not { IsReservedKnown: true } truth
            || facts.Trace.SnapshotAfter(0).MemblockErrno != 0)
        {
            return Verdict.NotObservable;
        }

        var regions = facts.Trace.SnapshotAfter(0).Reserved;
        var verdict = MemblockInvariants.IsSamePlace(truth.Reserved, regions);
        var isFirmware = facts.Scenario.Machine.E820.Count > 0;
        return (verdict.IsBroken ? verdict : HasAskedKind(truth.Reserved, regions, isFirmware)).At(0);
    }

    /// <summary>What a call does not name, it leaves to the release.</summary>
    private static Verdict HasAskedKind(RegionMap truth, ReadOnlySpan<MemblockRegion> regions, bool mayHaveNode)
    {
        for (int i = 0, j = 0; i < truth.Pieces.Length && j < regions.Length;)
        {
            ref readonly var want = ref truth.Pieces[i];
            ref readonly var got = ref regions[j];
            var flags = got.Flags & ~MemblockFlags.ReservedKern;
            if (want.Flags != flags)
                return Verdict.BrokenAt(want.Range, (ulong)want.Flags, (ulong)flags);

            var isAsked = PfnRange.IsValidNode(want.Nid);
            var isOther = isAsked ? want.Nid != got.Nid : PfnRange.IsValidNode(got.Nid) && !mayHaveNode;
            if (isOther && !IsOfAllocation(got))
                return Verdict.BrokenAt(want.Range, unchecked((ulong)want.Nid), unchecked((ulong)got.Nid));

            (i, j) = want.End == got.End ? (i + 1, j + 1) : want.End < got.End ? (i + 1, j) : (i, j + 1);
        }

        return Verdict.Holds;
    }
}
