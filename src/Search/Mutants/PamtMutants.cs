// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of PAMTs.</summary>
internal static class PamtMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("pamt-int", "PAMT sizes are ints", "H5: v5 to v6 of the PAMT patch",
            With(new PamtRules { SizesAreInts = true })),
        new("pamt-1g-unrounded", "the 1G table is not rounded up to a page", "missing ALIGN() in tdmr_get_pamt_sz()",
            With(new PamtRules { Leaves1GUnrounded = true })),
        new("pamt-2m-too-small", "the 2M table is sized for 1G pages", "shift of the wrong level",
            With(new PamtRules { PageOf2M = Sizes.Page1G })),
        new("pamt-2m-too-large", "the 2M table is sized for 4K pages", "shift of the wrong level",
            With(new PamtRules { PageOf2M = Sizes.Page4K })),
        new("pamt-bases-swapped", "the bases of the 2M and 1G tables are swapped",
            "order of the levels in tdmr_set_up_pamt()", With(new PamtRules { Swaps2MAnd1G = true })),
        new("nid-at-end", "a range that ends at the base gives a TDMR its node", "tdmr_get_nid(): >= instead of >",
            With(new PamtRules { Node = PamtNode.FirstEndingAt })),
        new("nid-of-first", "all PAMTs come from the node of the first entry", "tdmr_get_nid(): no test",
            With(new PamtRules { Node = PamtNode.FirstEntry })),
        new("pamt-one-page-short", "one page less is allocated than the tables take",
            "off by one in alloc_contig_pages()", With(new PamtRules { AllocatesOnePageLess = true })),
        new("pamt-partial-kept", "PAMTs stay when a later one can not be allocated", "H9: partial PAMTs",
            With(new PamtRules { Cleanup = PamtCleanup.None })),
        new("pamt-partial-but-last", "the last PAMT stays when the next can not be allocated", "H9: index - 1",
            With(new PamtRules { Cleanup = PamtCleanup.AllButLast })),
        new(
            "pamt-entry-skipped",
            "the tables begin behind one entry, and reserved areas need not be whole pages",
            "pamt_base += entry size",
            HostRules.Merged
                with { Pamts = new() { SkipsFirstEntry = true }, Reserved = new() { TakesAnyBytes = true } }),
    ];

    private static HostRules With(PamtRules rules) => HostRules.Merged with { Pamts = rules };
}
