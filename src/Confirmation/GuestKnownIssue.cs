// SPDX-License-Identifier: MIT

namespace TdxVerify.Confirmation;

/// <summary>What running kernels are known not to come back from: a predicate over scenario and trace.</summary>
/// <param name="Source">Where it is told or follows from.</param>
/// <param name="Matches">True when this explains the end of a run.</param>
public sealed record GuestKnownIssue(string Name, string Sentence, string Source, Predicate<GuestEnd> Matches)
{
    /// <summary>The property that they violate.</summary>
    public const string Invariant = "K1";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<GuestKnownIssue> All { get; } =
    [
        new(
            "offline-never-returns",
            "Taking memory of a kernel zone offline may never return: what can't be moved is found behind the "
                + "isolation, and tried again for ever.",
            "offline_pages(): no bound; page_is_unmovable() takes an order-0 slab page for a free one (7.2, 7.3)",
            static end => end.Crash == CrashKind.Endless && end.Before is { } before && end.Step is { } step
                && IsOffline(end.Scenario, step) is { } bytes && HoldsKernelPages(before, bytes)),
        new(
            "dump-page-recursion",
            "A page that its zone does not span is fatal with CONFIG_DEBUG_VM: dump_page() shows a copy of it, asks "
                + "for the pageblock of the copy, and calls itself until the stack is full.",
            "is_migrate_cma_folio() in __dump_folio(), VM_BUG_ON_PAGE() in get_pfnblock_bitmap_bitidx() (7.3)",
            static end => end.Crash == CrashKind.Panic
                && end.Console.Contains("stack guard page was hit", StringComparison.Ordinal)
                && end.Console.Contains("? dump_page+", StringComparison.Ordinal)),
    ];

    /// <summary>The issue that explains the end of a trace, or null.</summary>
    /// <param name="console">What the kernel printed.</param>
    public static GuestKnownIssue? Of(Scenario scenario, Trace trace, string console)
    {
        var crash = trace.Events.FirstOrDefault(static e => e.Kind == TraceEventKind.Crashed);
        if (crash.Kind != TraceEventKind.Crashed)
            return null;

        var taken = trace.Steps.Length + trace.Skipped.Count;
        var end = new GuestEnd(
            scenario, taken < scenario.Steps.Count ? scenario.Steps[taken] : null,
            trace.HasState ? trace.SnapshotAfter(trace.Steps.Length) : null, crash.Crash, console);
        return All.FirstOrDefault(i => i.Matches(end));
    }

    /// <summary>The bytes that a step takes offline; null: it takes none.</summary>
    private static AddressRange? IsOffline(Scenario scenario, Step step) => step.Kind switch
    {
        StepKind.BlockOffline => AddressRange.OfSize(step.Address, 1),
        StepKind.UnplugDimm => scenario.Steps.FindLast(
            s => s.Kind == StepKind.PlugDimm && s.Address == step.Address).Range,
        _ => null,
    };

    private static bool HoldsKernelPages(Snapshot before, AddressRange bytes)
    {
        foreach (var block in before.Blocks)
        {
            var range = new AddressRange(Pages.Address(block.Start), Pages.Address(block.End));
            if (block.IsOnline && block.Zone != ZoneKind.Movable && range.Overlaps(bytes))
                return true;
        }

        return false;
    }
}
