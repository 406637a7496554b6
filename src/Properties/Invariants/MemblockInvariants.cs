// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family M: memblock, after boot and after every addition.</summary>
internal static class MemblockInvariants
{
    /// <summary>After boot and after every addition: ascending, disjoint, nothing empty, nothing left to
    /// join.</summary>
    private static FastCheck IsSound { get; } = new(static facts =>
    {
        if (!facts.Trace.HasState)
            return false;

        var isSound = AreSound(facts.Trace.SnapshotAfter(0));
        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length && isSound; i++)
            isSound = !IsMade(steps[i]) || AreSound(facts.Trace.SnapshotAfter(i + 1));

        return isSound;
    });

    private delegate Verdict RegionRule(in MemblockRegion region, in MemblockRegion previous, bool isFirst);

    private static readonly RegionRule Ascends = static (in region, in previous, isFirst) =>
        isFirst || region.Range.Start >= previous.Range.Start
            ? Verdict.Holds
            : Verdict.BrokenAt(region.Range, previous.Range.Start, region.Range.Start);

    private static readonly RegionRule IsDisjoint = static (in region, in previous, isFirst) =>
        isFirst || region.Range.Start < previous.Range.Start || region.Range.Start >= previous.Range.End
            ? Verdict.Holds
            : Verdict.BrokenAt(region.Range, previous.Range.End, region.Range.Start);

    private static readonly RegionRule IsNotEmpty = static (in region, in _, _) =>
        region.Range.IsEmpty ? Verdict.BrokenBy(1, 0) : Verdict.Holds;

    private static readonly RegionRule IsMinimal = static (in region, in previous, isFirst) =>
        isFirst || region.Range.Start != previous.Range.End || region.Nid != previous.Nid
            || region.Flags != previous.Flags
            ? Verdict.Holds
            : Verdict.BrokenAt(new AddressRange(previous.Range.Start, region.Range.End));

    private static readonly RegionRule HasNoHotplugFlag = static (in region, in _, _) =>
        (region.Flags & MemblockFlags.Hotplug) == 0 ? Verdict.Holds : Verdict.BrokenAt(region.Range);

    public static IEnumerable<Invariant> All =>
    [
        new("M1", "memblock.memory and memblock.reserved ascend", Contract,
            "memblock_add_range(), memblock_isolate_range()",
            Evidence.Address, static v => OnRegions(v, Ascends)) { SettledBy = IsSound },
        new("M2", "regions of a list of memblock are disjoint", Contract,
            "memblock_merge_regions() has a BUG_ON for it",
            Evidence.Address, static v => OnRegions(v, IsDisjoint)) { SettledBy = IsSound },
        new("M3", "no region of memblock is empty", Contract, "memblock_add_range() returns for size 0",
            Evidence.Count, static v => OnRegions(v, IsNotEmpty)) { SettledBy = IsSound },
        new("M4", "touching regions differ in nid or flags", Contract, "memblock_merge_regions() after every change",
            Evidence.None, static v => OnRegions(v, IsMinimal)) { SettledBy = IsSound },
        new("M5", "the bytes of memblock.memory are what the calls and the map add up to", Contract,
            "memblock_add_range(), memblock_remove_range(), memblock_trim_memory(): set semantics", Evidence.Address,
            static v => OnTruth(v, IsSamePlace)),
        new("M6", "every byte has the node and the flags that the first add and the later changes gave it", Contract,
            "memblock_add_range(): existing regions win; memblock_set_node(), memblock_mark_*()", Evidence.Count,
            static v => OnTruth(v, IsSameKind)),
        new("M12", "memory without a node is found to be too much exactly when it is", Contract,
            "memblock_validate_numa_coverage()", Evidence.None, CoverageIsTold),
        new("B1",
            "after boot from an e820 map, memory is its RAM without page 0 and without [640K, 1M), in whole pages",
            Contract, "e820__memblock_setup(), trim_bios_range()", Evidence.Address,
                static v => OnFirmware(v, IsSamePlace)),
        new("B2", "after boot from an e820 map, nodes are those of the SRAT, or node 0 without one", Contract,
            "numa_register_meminfo(), dummy_numa_init()", Evidence.Count, static v => OnFirmware(v, IsSameKind)),
        new("B3", "no HOTPLUG flag is left when boot ends", Contract, "free_low_memory_core_early()", Evidence.None,
            HasNoHotplugAfterBoot),
    ];

    private static bool IsMade(in StepRecord record) => record.Step.Kind == StepKind.AddMemory;

    private static Verdict OnRegions(CaseFacts facts, RegionRule rule)
    {
        if (!facts.Sees(Observes.Memblock))
            return Verdict.NotObservable;

        var verdict = OnRegions(facts.Trace.SnapshotAfter(0), rule).At(0);
        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length && !verdict.IsBroken; i++)
            verdict = IsMade(steps[i]) ? OnRegions(facts.Trace.SnapshotAfter(i + 1), rule).At(i + 1) : verdict;

        return verdict;
    }

    private static Verdict OnRegions(Snapshot snapshot, RegionRule rule)
    {
        var verdict = OnRegions(snapshot.Memory, rule);
        return verdict.IsBroken ? verdict : OnRegions(snapshot.Reserved, rule);
    }

    private static Verdict OnRegions(ReadOnlySpan<MemblockRegion> regions, RegionRule rule)
    {
        for (var i = 0; i < regions.Length; i++)
        {
            var verdict = rule(regions[i], regions[Math.Max(i - 1, 0)], i == 0);
            if (verdict.IsBroken)
                return verdict;
        }

        return Verdict.Holds;
    }

    /// <summary>A full array that can't be doubled keeps the flags; M10 judges when that may be.</summary>
    private static Verdict HasNoHotplugAfterBoot(CaseFacts facts) =>
        facts.Sees(Observes.Memblock) && facts.Scenario.Machine.E820.Count > 0
            && facts.Trace.SnapshotAfter(0).MemblockErrno == 0
            ? OnRegions(facts.Trace.SnapshotAfter(0), HasNoHotplugFlag).At(0)
            : Verdict.NotObservable;

    /// <summary>A subject tells an answer that is none of these lines' by -ERANGE.</summary>
    private static Verdict CoverageIsTold(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memblock))
            return Verdict.NotObservable;

        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            if (facts.Trace.SnapshotAfter(i).MemblockErrno == -Errno.Erange)
                return Verdict.BrokenBy(0, 1).At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict OnFirmware(CaseFacts facts, Func<RegionMap, Snapshot, Verdict> rule) =>
        facts.Scenario.Machine.E820.Count > 0 && facts.Scenario.Machine.MemblockCalls.Count == 0
            && facts.Sees(Observes.Memblock)
            && facts.ExpectedMemory is { } truth
            ? rule(truth.Memory, facts.Trace.SnapshotAfter(0)).At(0)
            : Verdict.NotObservable;

    private static Verdict OnTruth(CaseFacts facts, Func<RegionMap, Snapshot, Verdict> rule)
    {
        if (!facts.Sees(Observes.Memblock) || facts.ExpectedMemory is not { } truth)
            return Verdict.NotObservable;

        // B1 and B2 judge what firmware alone makes.
        var machine = facts.Scenario.Machine;
        var isFirmware = machine.E820.Count > 0 && machine.MemblockCalls.Count == 0;
        var verdict = isFirmware ? Verdict.Holds : rule(truth.Memory, facts.Trace.SnapshotAfter(0)).At(0);
        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length && !verdict.IsBroken; i++)
        {
            if (IsMade(steps[i]))
                verdict = rule(truth.After(i + 1), facts.Trace.SnapshotAfter(i + 1)).At(i + 1);
        }

        return verdict;
    }

    private static Verdict IsSamePlace(RegionMap truth, Snapshot snapshot) => IsSamePlace(truth, snapshot.Memory);

    /// <summary>The same bytes, however they are cut.</summary>
    internal static Verdict IsSamePlace(RegionMap truth, ReadOnlySpan<MemblockRegion> regions)
    {
        var pieces = truth.Pieces;
        if (truth.IsExactly(regions))
            return Verdict.Holds;

        for (int i = 0, j = 0; i < pieces.Length || j < regions.Length;)
        {
            var want = i < pieces.Length ? pieces[i].Range : default;
            for (i++; i < pieces.Length && pieces[i].Range.Start == want.End; i++)
                want = new AddressRange(want.Start, pieces[i].Range.End);

            var got = j < regions.Length ? regions[j].Range : default;
            for (j++; j < regions.Length && regions[j].Range.Start == got.End; j++)
                got = new AddressRange(got.Start, regions[j].Range.End);

            if (want != got)
            {
                return want.Start != got.Start
                    ? Verdict.BrokenAt(
                        want.IsEmpty || (!got.IsEmpty && got.Start < want.Start) ? got : want, want.Start, got.Start)
                    : Verdict.BrokenAt(
                        new AddressRange(Math.Min(want.End, got.End), Math.Max(want.End, got.End)), want.End, got.End);
            }
        }

        return Verdict.Holds;
    }

    private static Verdict IsSameKind(RegionMap truth, Snapshot snapshot)
    {
        var pieces = truth.Pieces;
        var regions = snapshot.Memory;
        if (truth.IsExactly(regions))
            return Verdict.Holds;

        for (int i = 0, j = 0; i < pieces.Length && j < regions.Length;)
        {
            var common =
                new AddressRange(
                    Math.Max(pieces[i].Range.Start, regions[j].Range.Start),
                    Math.Min(pieces[i].Range.End, regions[j].Range.End));
            if (!common.IsEmpty && (pieces[i].Nid != regions[j].Nid || pieces[i].Flags != regions[j].Flags))
            {
                return pieces[i].Nid != regions[j].Nid
                    ? Verdict.BrokenAt(common, unchecked((ulong)pieces[i].Nid), unchecked((ulong)regions[j].Nid))
                    : Verdict.BrokenAt(common, (ulong)pieces[i].Flags, (ulong)regions[j].Flags);
            }

            if (pieces[i].Range.End <= regions[j].Range.End)
                i++;
            else
                j++;
        }

        return Verdict.Holds;
    }

    private static bool AreSound(Snapshot snapshot) => AreSound(snapshot.Memory) && AreSound(snapshot.Reserved);

    private static bool AreSound(ReadOnlySpan<MemblockRegion> regions)
    {
        for (var i = 0; i < regions.Length; i++)
        {
            ref readonly var region = ref regions[i];
            if (region.Range.IsEmpty
                || (i > 0
                && (region.Base < regions[i - 1].End
                || (region.Base == regions[i - 1].End && region.IsSameKind(regions[i - 1])))))
            {
                return false;
            }
        }

        return true;
    }
}
