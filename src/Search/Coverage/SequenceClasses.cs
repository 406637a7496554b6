// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Coverage;

/// <summary>Coverage classes of sequences on memory blocks.</summary>
internal static class SequenceClasses
{
    private static readonly Strategy[] Only = [Strategy.Sequences];

    public static IEnumerable<CoverageClass> All =>
    [
        new("TDX enabled amid a sequence", Only, static v =>
            v.Succeeded && AnyStep(v, 0, v.EnableStep, IsDone) && AnyStep(v, v.EnableStep + 1, int.MaxValue, IsDone)),
        new("hotplug after a failed enable", Only,
            static v => v.EnableRan && !v.Succeeded && AnyStep(v, v.EnableStep + 1, int.MaxValue, IsDone)),
        new("memory added before TDX is enabled", Only,
            static v => v.Succeeded && AnyStep(v, 0, v.EnableStep, IsAddition)),
        new("memory added while TDX is on", Only,
            static v => v.Succeeded && AnyStep(v, v.EnableStep + 1, int.MaxValue, IsAddition)),
        new("a memory block is refused", Only, static v => FirstRefusal(v) >= 0),
        new("refused, then removed", Only, static v => FirstRefusal(v) is var at and >= 0
            && AnyStep(v, at, int.MaxValue, static (_, s) => s.Result == 0 && IsRemoval(s.Step.Kind))),
        new("re-added across old entries", Only,
            static v => v.Succeeded && AnyStep(v, v.EnableStep + 1, int.MaxValue, AddsAcrossEntries)),
        new("taken offline and put back", Only,
            static v => v.Succeeded && AnyStep(v, v.EnableStep + 1, int.MaxValue, ComesBack)),
        new("memmap_on_memory", Only,
            static v => AnyNotification(
                v, static (facts, n) =>
                    n.Notification.Action == MemoryAction.Online && n.Notification.Count % BlockPages != 0)),
        new("a block of two nodes", Only, HasBlockOfTwoNodes),
        new("a mirrored edge below 4 GiB", Only, static v => HasMirrorEdge(v, isLow: true)),
        new("a mirrored edge above 4 GiB", Only, static v => HasMirrorEdge(v, isLow: false)),
        new("memory that is not convertible is added", Only,
            static v => AnyStep(v, 0, int.MaxValue, AddsUnconvertible)),
        new("a PAMT in a block that should go offline", Only, HasPamtInBlock),
        new("a DIMM that stays", Only,
            static v => AnyStep(v, 0, int.MaxValue, static (_, s) =>
                s.Step.Kind == StepKind.UnplugDimm && s.Result == -Errno.Ebusy)),
        new("-EINTR", Only, static v => AnyStep(v, 0, int.MaxValue, static (_, s) => s.Result == -Errno.Eintr)),
        new("an unaligned addition", Only,
            static v => AnyStep(v, 0, int.MaxValue, static (_, s) =>
                s.Step.Kind is StepKind.HotAdd or StepKind.HotAddManaged && s.Result == -Errno.Einval)),
        new("an addition over memory", Only,
            static v => AnyStep(v, 0, int.MaxValue, static (_, s) => s.Result == -Errno.Eexist)),
        new("40 steps and more", Only, static v => v.Trace.Steps.Length >= 40),
    ];

    private const ulong BlockPages = 128 * Sizes.Mib / Sizes.Page4K;

    private static bool IsDone(CaseFacts facts, StepRecord step) => step.Step.IsHotplug && step.Result == 0;
    private static bool IsAddition(CaseFacts facts, StepRecord step) =>
        step.Result == 0 && step.Step.Kind is StepKind.HotAdd or StepKind.HotAddManaged or StepKind.PlugDimm;
    private static bool IsRemoval(StepKind kind) =>
        kind is StepKind.HotRemove or StepKind.OfflineAndRemove or StepKind.UnplugDimm;

    private static bool AnyStep(CaseFacts facts, int first, int end, Func<CaseFacts, StepRecord, bool> matches)
    {
        var steps = facts.Trace.Steps;
        for (var i = Math.Max(0, first); i < steps.Length && i < end; i++)
        {
            if (matches(facts, steps[i]))
                return true;
        }

        return false;
    }

    private static bool AnyNotification(CaseFacts facts, Func<CaseFacts, TraceEvent, bool> matches)
    {
        foreach (ref readonly var e in facts.Events)
        {
            if (e.Kind == TraceEventKind.Notify && matches(facts, e))
                return true;
        }

        return false;
    }

    private static int FirstRefusal(CaseFacts facts)
    {
        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.BlockOnline && steps[i].Result == -Errno.Eperm)
                return i;
        }

        return -1;
    }

    private static bool AddsAcrossEntries(CaseFacts facts, StepRecord step)
    {
        if (!IsAddition(facts, step))
            return false;

        var range = step.Step.Range;
        var entries = 0;
        foreach (ref readonly var entry in facts.After.Memlist)
            entries += entry.Bytes.Overlaps(range) ? 1 : 0;

        return entries > 1;
    }

    private static bool ComesBack(CaseFacts facts, StepRecord step) =>
        step.Step.Kind == StepKind.BlockOnline && step.Result == 0
        && facts.Pages.Listed.Contains(AddressRange.OfSize(step.Step.Address, Sizes.Page4K));

    private static bool HasBlockOfTwoNodes(CaseFacts facts)
    {
        if (!facts.Trace.HasState)
            return false;

        var state = facts.Trace.SnapshotAfter(0);
        foreach (ref readonly var block in state.Blocks)
        {
            var nid = -1;
            foreach (ref readonly var region in state.Memory)
            {
                if (region.Range.Overlaps(new AddressRange(Pages.Address(block.Start), Pages.Address(block.End))))
                {
                    if (nid >= 0 && nid != region.Nid)
                        return true;

                    nid = region.Nid;
                }
            }
        }

        return false;
    }

    private static bool HasMirrorEdge(CaseFacts facts, bool isLow)
    {
        if (!facts.Trace.HasState || facts.Trace.SnapshotAfter(0).Blocks.Length == 0)
            return false;

        var regions = facts.Trace.SnapshotAfter(0).Memory;
        for (var i = 1; i < regions.Length; i++)
        {
            if (regions[i].Range.Start == regions[i - 1].Range.End && regions[i].Flags != regions[i - 1].Flags
                && regions[i].Range.Start < Sizes.Gib4 == isLow)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AddsUnconvertible(CaseFacts facts, StepRecord step) =>
        IsAddition(facts, step) && !facts.Pages.Convertible.FirstMissing(step.Step.Range).IsEmpty;

    private static bool HasPamtInBlock(CaseFacts facts) =>
        facts.Succeeded && AnyStep(facts, facts.EnableStep + 1, int.MaxValue, static (v, s) =>
    {
        if (s.Step.Kind != StepKind.BlockOffline || s.Result != -Errno.Ebusy)
            return false;

        foreach (ref readonly var chunk in v.Chunks)
        {
            if (chunk.Overlaps(AddressRange.OfSize(s.Step.Address, BlockPages * Sizes.Page4K)))
                return true;
        }

        return false;
    });
}
