// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of the memory notifier.</summary>
internal static class NotifierMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("online-overlap", "a range that overlaps an entry may go online",
            "is_tdx_memory(): overlap instead of containment",
            With(new NotifierRules { Test = NotifierTest.Overlaps })),
        new("online-too-late", "the notifier waits for MEM_ONLINE", "MEM_ONLINE instead of MEM_GOING_ONLINE",
            With(new NotifierRules { Test = NotifierTest.Anything })),
        new("online-count-as-end", "nr_pages is taken for the end", "start_pfn + dropped",
            With(new NotifierRules { Test = NotifierTest.CountAsEnd })),
        new("online-below-end", "a range must end before its entry ends", "end < end_pfn",
            With(new NotifierRules { Test = NotifierTest.EndsBelow })),
        new("online-start-only", "only the start of a range is looked at", "one comparison left out",
            With(new NotifierRules { Test = NotifierTest.StartsIn })),
        new("empty-list-rejects", "an empty list rejects everything", "H14",
            With(new NotifierRules { EmptyListRejects = true })),
    ];

    private static HostRules With(NotifierRules rules) => HostRules.Merged with { Notifier = rules };
}
