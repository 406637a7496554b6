// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of mm/memblock.c.</summary>
internal static class MemblockMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("merge-across-nodes", "memblock joins touching regions of different nodes",
            "mm/memblock.c: memblock_merge_regions() without the nid",
            With(new MemblockRules { Merge = MergeRule.AnyNode })),
        new("merge-across-flags", "memblock joins touching regions with different flags",
            "mm/memblock.c: memblock_merge_regions() without the flags",
            With(new MemblockRules { Merge = MergeRule.AnyFlags })),
        new("merge-never", "memblock does not join regions", "mm/memblock.c: memblock_merge_regions() left out",
            With(new MemblockRules { Merge = MergeRule.Never })),
        new("merge-from-first", "the merge window misses the region before it",
            "mm/memblock.c: start_rgn instead of start_rgn - 1", With(new MemblockRules { MergesFromFirst = true })),
        new("isolate-start-only", "a range is not split off at its end", "mm/memblock.c: memblock_isolate_range()",
            With(new MemblockRules { IsolatesStartOnly = true })),
        new("remove-all-but-last", "memblock_remove() leaves the last region inside", "mm/memblock.c: i > start_rgn",
            With(new MemblockRules { RemovesAllButLast = true })),
        new("pfn-outward", "page frames are rounded outward",
            "mm/memblock.c: PFN_DOWN and PFN_UP swapped in for_each_mem_pfn_range()",
            With(new MemblockRules { RoundsOutward = true })),
        new("add-forgets-tail", "what lies behind the last overlapped region is not added",
            "mm/memblock.c: the insert after the loop", With(new MemblockRules { AddForgetsTail = true })),
        new("add-over", "a range is added over regions that are there", "mm/memblock.c: overlap not looked for",
            With(new MemblockRules { AddsOver = true })),
        new("insert-behind", "a region is inserted behind the one it belongs before", "mm/memblock.c: idx + 1",
            With(new MemblockRules { InsertsBehind = true })),
        new("split-at-edge", "a range is split off at an edge that is one already", "mm/memblock.c: rbase <= base",
            With(new MemblockRules { SplitsAtEdge = true })),
        new("bios-range-kept", "page 0 and [640K, 1M) stay RAM", "trim_bios_range() left out",
            With(new MemblockRules { KeepsBiosRange = true })),
        new("hotplug-kept", "the HOTPLUG flag stays when boot ends",
            "free_low_memory_core_early(): memblock_clear_hotplug()", With(new MemblockRules { KeepsHotplug = true })),
    ];

    private static HostRules With(MemblockRules rules) => HostRules.Merged with { Memblock = rules };
}
