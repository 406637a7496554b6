// SPDX-License-Identifier: MIT

namespace TdxVerify.Confirmation;

/// <summary>What running kernels are known not to come back from: a predicate over scenario and trace.</summary>
/// <param name="Source">Where it is told or follows from.</param>
/// <param name="Matches">True when this explains the end of a trace; it gets the step that did not return, and the
/// state before it.</param>
public sealed record GuestKnownIssue(
    string Name, string Sentence, string Source, Func<Scenario, Step, Snapshot, bool> Matches)
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
            static (scenario, step, before) =>
                IsOffline(scenario, step) is { } bytes && HoldsKernelPages(before, bytes)),
    ];

    /// <summary>The issue that explains the end of a trace, or null.</summary>
    public static GuestKnownIssue? Of(Scenario scenario, Trace trace)
    {
        var taken = trace.Steps.Length + trace.Skipped.Count;
        var isHang = trace.Events.Any(
            static e => e.Kind == TraceEventKind.Crashed && e.Crash == CrashKind.Endless);
        return isHang && trace.HasState && taken < scenario.Steps.Count
            ? All.FirstOrDefault(
                i => i.Matches(scenario, scenario.Steps[taken], trace.SnapshotAfter(trace.Steps.Length)))
            : null;
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
