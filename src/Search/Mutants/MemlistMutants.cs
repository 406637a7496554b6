// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of build_tdx_memlist().</summary>
internal static class MemlistMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("first-mib-kept", "the first MiB is taken into the list", "missing 1 MiB filter",
            With(new MemlistRules { FirstMib = FirstMib.Kept })),
        new("first-mib-skips-range", "a range that begins below 1 MiB is skipped whole",
            "1 MiB filter: skip instead of max()", With(new MemlistRules { FirstMib = FirstMib.SkipsRange })),
        new("first-mib-ends-walk", "a range below 1 MiB ends the walk", "break instead of continue",
            With(new MemlistRules { FirstMib = FirstMib.EndsWalk })),
        new("entry-one-page-short", "the last page of every range is left out", "end_pfn - 1",
            With(new MemlistRules { DropsLastPage = true })),
        new("entry-without-nid", "every entry gets node 0", "add_tdx_memblock() with nid 0",
            With(new MemlistRules { LosesNid = true })),
        new("entry-at-head", "entries are put at the head of the list", "list_add() instead of list_add_tail()",
            With(new MemlistRules { AddsAtHead = true })),
        new("boot-snapshot", "the list is built from memblock as it was after boot",
            "H12: David Hildenbrand, review of v12, 2023-07-11", With(new MemlistRules { Source = ListSource.Boot })),
        new("memlist-partial", "entries stay in the list when one can not be allocated",
            "H9: error path of build_tdx_memlist()", With(new MemlistRules { KeepsPartialList = true })),
        new("empty-entry-kept", "a range of no pages is added", "start > end instead of >=",
            With(new MemlistRules { KeepsEmpty = true })),
        new("entries-joined", "touching ranges become one entry", "entries merged without regard to nodes",
            With(new MemlistRules { JoinsTouching = true })),
    ];

    private static HostRules With(MemlistRules rules) => HostRules.Merged with { Memlist = rules };
}
