// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Search.KnownIssues;

/// <summary>Where running kernels let memory blocks, zones and results tell different stories.</summary>
internal static class BlockKnownIssues
{
    private const ulong SubsectionPages = 512;
    private const string Shrinking = "shrink_zone_span(): find_smallest_section_pfn() and find_biggest_section_pfn() "
        + "look at one page of each subsection";
    private const string Judgement = "Needs a node or a zone that ends inside 2 MiB: free-form memory, or a kernel "
        + "that hides part of a block from firmware's map.";

    public static IEnumerable<KnownIssue> All =>
    [
        new(
            "span-loses-subsection", "H20",
            "A zone that shrinks by whole subsections leaves pages of its last subsection outside its span.",
            Judgement, "6.8 to 7.3", Shrinking, "zones: spans a page less", LosesPartOfSubsection),
        new(
            "block-outside-span", "H19",
            "The same for a block that has no other page of memory.",
            Judgement, "6.8 to 7.3", Shrinking, "memory blocks: another zone", HasOnlyPartOfSubsection),
        new(
            "zone-vanishes", "H22",
            "The same where nothing of the zone is left: it counts as empty, with pages that are present.",
            Judgement, "6.8 to 7.3", Shrinking, "zones: a page less present", Vanished),
        new(
            "failed-removal-ignored", "H21",
            "offline_and_remove_memory() returns 0 although the memory could not be removed, and stays.",
            "Reachable where a driver gives back a range of which a part is not there, or has its struct pages "
                + "elsewhere: the driver frees memory that the kernel still has.",
            "7.3",
            "offline_and_remove_memory(): the result of try_remove_memory() is dropped",
            "result of OfflineAndRemove: another",
            IsFailedRemoval),
    ];

    private static bool IsHotplug(CaseFacts facts, Verdict verdict) =>
        verdict.Step > 0 && facts.Trace.Steps[verdict.Step - 1].Step.IsHotplug;

    private static bool LosesPartOfSubsection(CaseFacts facts, Verdict verdict) =>
        IsHotplug(facts, verdict) && Pages.PfnDown(verdict.Range.Size) < SubsectionPages
        && IsSpanned(facts.Trace.SnapshotAfter(verdict.Step - 1), verdict.Range);

    private static bool HasOnlyPartOfSubsection(CaseFacts facts, Verdict verdict)
    {
        ulong pages = 0;
        foreach (ref readonly var managed in facts.Trace.SnapshotAfter(verdict.Step).Managed)
            pages += managed.Bytes.Overlaps(verdict.Range) ? managed.Count : 0;

        return IsHotplug(facts, verdict) && pages < SubsectionPages;
    }

    private static bool Vanished(CaseFacts facts, Verdict verdict) => IsHotplug(facts, verdict)
        && verdict.Got < verdict.Expected && verdict.Expected - verdict.Got < SubsectionPages;

    private static bool IsSpanned(Snapshot state, AddressRange range)
    {
        foreach (ref readonly var zone in state.Zones)
        {
            if (BytesOf(zone).Contains(range))
                return true;
        }

        return false;
    }

    private static AddressRange BytesOf(in ZoneView zone) =>
        new(Pages.Address(zone.Start), Pages.Address(zone.Start + zone.Spanned));

    private static bool IsFailedRemoval(CaseFacts facts, Verdict verdict)
    {
        var step = facts.Trace.Steps[verdict.Step - 1];
        return step.Step.Kind == StepKind.OfflineAndRemove && step.Result == 0
            && facts.Trace.SnapshotAfter(verdict.Step - 1).Memory
                .SequenceEqual(facts.Trace.SnapshotAfter(verdict.Step).Memory);
    }
}
