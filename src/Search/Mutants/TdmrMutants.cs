// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of fill_out_tdmrs().</summary>
internal static class TdmrMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("align-2m", "TDMRs are aligned to 2 MiB", "TDMR_ALIGNMENT",
            With(new TdmrRules { Alignment = Sizes.Page2M })),
        new("end-rounded-down", "the end of a TDMR is rounded down", "ALIGN_DOWN() instead of ALIGN()",
            With(new TdmrRules { RoundsEndDown = true })),
        new("fill-below-end", "an entry that ends where the TDMR ends opens another", "end < tdmr_end() instead of <=",
            With(new TdmrRules { OpensAtSameEnd = true })),
        new("fill-overlapping", "a new TDMR may begin inside the last one", "start = max(start, end) dropped",
            With(new TdmrRules { StartsInsideLast = true })),
        new("tdmrs-one-more", "one TDMR more than the limit is used", "idx > max_tdmrs instead of >=",
            With(new TdmrRules { Limit = LimitTest.OneMore })),
        new("tdmrs-one-less", "the last TDMR of the limit is not used", "idx >= max_tdmrs - 1",
            With(new TdmrRules { Limit = LimitTest.OneLess })),
        new("tdmrs-dropped", "TDMRs beyond the limit are dropped in silence", "H1: -ENOSPC left out",
            With(new TdmrRules { Limit = LimitTest.Drops })),
        new("consumed-one-short", "the last TDMR is forgotten", "nr_consumed_tdmrs = idx instead of idx + 1",
            With(new TdmrRules { ForgetsLast = true })),
        new("align-2g", "TDMRs are aligned to 2 GiB", "TDMR_ALIGNMENT",
            With(new TdmrRules { Alignment = 2 * Sizes.Page1G })),
    ];

    private static HostRules With(TdmrRules rules) => HostRules.Merged with { Tdmrs = rules };
}
