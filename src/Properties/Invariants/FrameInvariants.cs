// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;
using Change = TdxVerify.Core.Addressing.RegionMap.Change;

namespace TdxVerify.Properties.Invariants;

/// <summary>What a step may change, and what it must leave alone.</summary>
internal static class FrameInvariants
{
    public static IEnumerable<Invariant> All =>
    [
        new("M7", "a step adds the memory that it is about to memblock.memory, or removes it, and changes nothing "
            + "else",
            Contract, "add_memory_resource(), try_remove_memory()", Evidence.None, new MemoryFrame().Judge),
        new("M8", "memblock.memory.total_size is the size of its regions and what a trim cut off them", Contract,
            "memblock_insert_region(), memblock_remove_region(); memblock_trim_memory() leaves it", Evidence.Count,
            MemoryAddsUp),
        new("T26", "once TDX is initialised, TDMRs in use stay those that TDH.SYS.CONFIG was given", Safety,
            "\"The tdmr_info_list is read-only from here on out\", construct_tdmrs()", Evidence.Count, TdmrsStay),
        new("G8", "the TDX host capability and the KeyIDs do not change after boot", Safety,
            "tdx_init(): __ro_after_init", Evidence.Count, GatesStay),
        new("G9", "a host that can TDX has no S3, and knows of the errata that its CPUs have",
            Safety, "tdx_init(): acpi_suspend_lowlevel, check_tdx_erratum()", Evidence.Count, PlatformIsReady),
        new("H16", "a step leaves memory blocks, zones and managed pages alone that it is not about", Contract,
            "online_pages(), offline_pages(), add_memory_resource()", Evidence.None, BlocksStay)
        {
            NeedsBlocks = true,
        },
    ];

    private static Verdict MemoryAddsUp(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Memblock) || !facts.Trace.HasState)
            return Verdict.NotObservable;

        var cut = 0UL;
        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            var state = facts.Trace.SnapshotAfter(i);
            var sum = 0UL;
            foreach (ref readonly var region in state.Memory)
                sum = unchecked(sum + region.Size);

            if (i == 0 && MayTrim(facts.Scenario.Machine))
                cut = unchecked(state.MemoryBytes - sum);

            // The first region of an empty array sets the size.
            if (i > 0 && !state.Memory.IsEmpty && facts.Trace.SnapshotAfter(i - 1).Memory.IsEmpty)
                cut = 0;

            if (state.MemoryBytes != unchecked(sum + cut) || (long)cut < 0)
                return Verdict.BrokenBy(unchecked(sum + cut), state.MemoryBytes).At(i);
        }

        return Verdict.Holds;
    }

    private static bool MayTrim(Machine machine)
    {
        foreach (var call in machine.MemblockCalls)
        {
            if (call.Kind == MemblockCallKind.Trim)
                return true;
        }

        foreach (var entry in machine.E820)
        {
            if (!Pages.IsAligned(entry.Address | entry.Size, Sizes.Page4K))
                return true;
        }

        return machine.Options.MemoryWords.Length > 0 || machine.E820Changes.Count > 0;
    }

    private static Verdict TdmrsStay(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Tdmrs) || !facts.Trace.HasState)
            return Verdict.NotObservable;

        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            var tdmrs = facts.Trace.SnapshotAfter(i).Tdmrs;
            var isInUse = facts.Succeeded && i > facts.EnableStep;
            if (isInUse ? !AreSame(tdmrs, facts.Trace.Configured) : tdmrs.Tdmrs.Length > 0)
                return Verdict.BrokenBy((ulong)facts.Tdmrs.Length, (ulong)tdmrs.Tdmrs.Length).At(i);
        }

        return Verdict.Holds;
    }

    private static bool AreSame(TdmrTable one, TdmrTable other)
    {
        if (!one.Tdmrs.SequenceEqual(other.Tdmrs))
            return false;

        for (var i = 0; i < one.Tdmrs.Length; i++)
        {
            if (!one.Reserved(one.Tdmrs[i]).SequenceEqual(other.Reserved(other.Tdmrs[i])))
                return false;
        }

        return true;
    }

    private static Verdict GatesStay(CaseFacts facts)
    {
        if (!facts.Trace.HasState)
            return Verdict.NotObservable;

        var boot = facts.Trace.SnapshotAfter(0);
        for (var i = 1; i <= facts.Trace.Steps.Length; i++)
        {
            var now = facts.Trace.SnapshotAfter(i);
            if (now.HasTdxHostCapability != boot.HasTdxHostCapability || now.GlobalKeyId != boot.GlobalKeyId
                || now.GuestKeyIdStart != boot.GuestKeyIdStart || now.GuestKeyIds != boot.GuestKeyIds)
            {
                return Verdict.BrokenBy(boot.GlobalKeyId, now.GlobalKeyId).At(i);
            }
        }

        return boot.HasTdxHostCapability || (boot.GlobalKeyId | boot.GuestKeyIdStart | boot.GuestKeyIds) == 0
            ? Verdict.Holds
            : Verdict.BrokenBy(0, boot.GlobalKeyId).At(0);
    }

    private static Verdict PlatformIsReady(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Platform) || !facts.Trace.HasState)
            return Verdict.NotObservable;

        var canTdx = facts.Trace.SnapshotAfter(0).HasTdxHostCapability;
        var hasErratum = canTdx && facts.Scenario.Choices.PartialWriteErratum;
        for (var i = 0; i <= facts.Trace.Steps.Length; i++)
        {
            var now = facts.Trace.SnapshotAfter(i);
            var isInvented = now.HasSeamretBug && !(canTdx && facts.Scenario.Choices.SeamretInvalidatesVmcs);
            if (now.CanSuspend == canTdx || now.HasErratum != hasErratum || isInvented)
                return Verdict.BrokenBy(canTdx ? 0UL : 1, now.CanSuspend ? 1UL : 0).At(i);
        }

        return Verdict.Holds;
    }

    private static Verdict BlocksStay(CaseFacts facts)
    {
        for (var i = 0; facts.IsSerial && i < facts.Trace.Steps.Length; i++)
        {
            var before = facts.Trace.SnapshotAfter(i);
            var after = facts.Trace.SnapshotAfter(i + 1);
            // An initcall runs before there is user space that could see blocks.
            var isSeen = before.Blocks.Length > 0 || facts.Trace.Steps[i].Step.Kind != StepKind.EnableTdx;
            if (ReferenceEquals(before, after) || !isSeen)
                continue;

            var (about, isOfBlocks) = RangeOf(facts, i, before);
            var isSame = before.Blocks.SequenceEqual(after.Blocks) && before.Managed.SequenceEqual(after.Managed)
                && before.Zones.SequenceEqual(after.Zones);
            if (!isSame && (!isOfBlocks || OtherBlock(before, after, about) is not null))
                return Verdict.BrokenAt(OtherBlock(before, after, about) ?? about).At(i + 1);
        }

        return Verdict.Holds;
    }

    /// <summary>The bytes whose blocks a step is about.</summary>
    private static (AddressRange Bytes, bool IsOfBlocks) RangeOf(CaseFacts facts, int index, Snapshot before)
    {
        var step = facts.Trace.Steps[index].Step;
        switch (step.Kind)
        {
            case StepKind.HotAdd or StepKind.HotAddManaged or StepKind.HotRemove or StepKind.OfflineAndRemove
                or StepKind.PlugDimm:
                return (step.Range, true);
            case StepKind.BlockOnline or StepKind.BlockOffline:
                return (BlockAt(before, step.Address), true);
            case StepKind.UnplugDimm:
                return (DimmAt(facts, index), true);
            default:
                return (default, false);
        }
    }

    /// <summary>The DIMM that a step unplugs: the last one that was plugged in there.</summary>
    private static AddressRange DimmAt(CaseFacts facts, int index)
    {
        var steps = facts.Trace.Steps;
        for (var i = index - 1; i >= 0; i--)
        {
            if (steps[i].Step.Kind == StepKind.PlugDimm && steps[i].Result == 0
                && steps[i].Step.Address == steps[index].Step.Address)
            {
                return steps[i].Step.Range;
            }
        }

        return default;
    }

    private static AddressRange BlockAt(Snapshot state, ulong address)
    {
        foreach (ref readonly var block in state.Blocks)
        {
            if (BytesOf(block) is var bytes && bytes.Start <= address && address < bytes.End)
                return bytes;
        }

        return default;
    }

    private static AddressRange BytesOf(in BlockView block) =>
        new(Pages.Address(block.Start), Pages.Address(block.End));

    /// <summary>The first block outside of some bytes that is not as it was, came or went; null: none.</summary>
    private static AddressRange? OtherBlock(Snapshot before, Snapshot after, AddressRange about)
    {
        var old = before.Blocks;
        var now = after.Blocks;
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            var isOld = j == now.Length || (i < old.Length && old[i].Start <= now[j].Start);
            var isNew = i == old.Length || (j < now.Length && now[j].Start <= old[i].Start);
            var bytes = BytesOf(isOld ? old[i] : now[j]);
            if (!bytes.Overlaps(about) && !(isOld && isNew && old[i] == now[j]))
                return bytes;

            i += isOld ? 1 : 0;
            j += isNew ? 1 : 0;
        }

        return null;
    }

    /// <summary>What memblock.memory must be after each step, from what it was before.</summary>
    private sealed class MemoryFrame
    {
        private readonly RegionMap _expected = new();

        public Verdict Judge(CaseFacts facts)
        {
            if (!facts.Sees(Observes.Memblock) || !facts.Trace.HasState || !facts.IsSerial)
                return Verdict.NotObservable;

            var steps = facts.Trace.Steps;
            for (var i = 0; i < steps.Length; i++)
            {
                var before = facts.Trace.SnapshotAfter(i);
                var after = facts.Trace.SnapshotAfter(i + 1);
                if (!ReferenceEquals(before, after) && !IsExpected(facts, i, before, after))
                    return Verdict.BrokenAt(FirstDifference(before.Memory, after.Memory)).At(i + 1);
            }

            return Verdict.Holds;
        }

        private bool IsExpected(CaseFacts facts, int index, Snapshot before, Snapshot after)
        {
            var record = facts.Trace.Steps[index];
            var step = record.Step;
            var isSame = before.Memory.SequenceEqual(after.Memory);
            switch (step.Kind)
            {
                case StepKind.PlugDimm:
                    // Every DIMM that the kernel has refused is tried again.
                    return isSame || IsMore(before, after) || IsWith(before, after, Change.Erase, step);
                case StepKind.AddMemory or StepKind.HotAdd or StepKind.HotAddManaged:
                    // add_memory() that finds a block in its way takes what was there before out of memblock.
                    return record.Result == 0 ? IsWith(before, after, Change.Fill, step)
                        : isSame || (step.IsHotplug && record.Result == -Errno.Eexist
                            && IsWith(before, after, Change.Erase, step));
                case StepKind.OfflineAndRemove:
                    return isSame || (record.Result == 0 && IsWith(before, after, Change.Erase, step));
                case StepKind.HotRemove:
                    return record.Result == 0 ? IsWith(before, after, Change.Erase, step) : isSame;
                case StepKind.UnplugDimm:
                    return isSame || (record.Result == 0
                        && IsWith(before, after, Change.Erase, At(step, DimmAt(facts, index))));
                default:
                    return isSame;
            }
        }

        private bool IsWith(Snapshot before, Snapshot after, Change change, in Step step)
        {
            Load(before);
            var flags = step.Kind == StepKind.HotAddManaged ? MemblockFlags.DriverManaged : MemblockFlags.None;
            _expected.Apply(change, step.Range.Start, step.Range.End, step.Nid, flags);
            return _expected.IsExactly(after.Memory);
        }

        /// <summary>What was there is still there, as it was.</summary>
        private bool IsMore(Snapshot before, Snapshot after)
        {
            Load(before);
            foreach (ref readonly var region in after.Memory)
                _expected.Apply(Change.Fill, region.Base, region.End, region.Nid, region.Flags);

            return _expected.IsExactly(after.Memory);
        }

        private static Step At(in Step step, AddressRange range) => step.WithRange(range.Start, range.Size);

        private void Load(Snapshot state)
        {
            _expected.Clear();
            foreach (ref readonly var region in state.Memory)
                _expected.Apply(Change.Fill, region.Base, region.End, region.Nid, region.Flags);
        }

        private static AddressRange FirstDifference(
            ReadOnlySpan<MemblockRegion> before, ReadOnlySpan<MemblockRegion> after)
        {
            var same = before.CommonPrefixLength(after);
            var old = same < before.Length ? before[same].Range : default;
            var now = same < after.Length ? after[same].Range : default;
            return old.IsEmpty ? now
                : now.IsEmpty ? old
                : old.Start == now.Start ? new AddressRange(Math.Min(old.End, now.End), Math.Max(old.End, now.End))
                : old.Start < now.Start ? new AddressRange(old.Start, Math.Min(old.End, now.Start))
                : now;
        }
    }
}
