// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of reserved areas.</summary>
internal static class ReservedAreaMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("areas-one-more", "one reserved area more than the limit is used", "H1 A: idx > max",
            With(new ReservedAreaRules { Limit = LimitTest.OneMore })),
        new("areas-one-less", "the last reserved area of the limit is not used", "idx >= max - 1",
            With(new ReservedAreaRules { Limit = LimitTest.OneLess })),
        new("areas-dropped", "reserved areas beyond the limit are dropped in silence", "H1 B",
            With(new ReservedAreaRules { Limit = LimitTest.Drops })),
        new("offset-absolute", "offsets of reserved areas are addresses", "offset = addr",
            With(new ReservedAreaRules { OffsetsAreAbsolute = true })),
        new("sort-missing", "reserved areas are not sorted", "sort() left out",
            With(new ReservedAreaRules { LeavesUnsorted = true })),
        new("hole-of-no-bytes", "a hole of no bytes between touching entries is added",
            "start < prev_end instead of <=", With(new ReservedAreaRules { AddsEmptyHoles = true })),
        new("tail-of-no-bytes", "a hole of no bytes at the end is added", "prev_end <= tdmr_end()",
            With(new ReservedAreaRules { AddsEmptyTail = true })),
        new("head-forgotten", "the hole before the first entry is forgotten", "prev_end starts at the first entry",
            With(new ReservedAreaRules { ForgetsHead = true })),
        new("tail-forgotten", "the hole behind the last entry is forgotten", "the test after the loop",
            With(new ReservedAreaRules { ForgetsTail = true })),
        new("walk-past-end", "the walk goes on behind the TDMR", "break dropped",
            With(new ReservedAreaRules { WalksPastEnd = true })),
        new("pamt-4k-only", "only the 4K table of a PAMT is reserved", "pamt_4k_size instead of the sum",
            With(new ReservedAreaRules { OnlyPamt4K = true })),
        new("pamt-not-own", "a TDMR does not reserve its own PAMT", "skips the own TDMR",
            With(new ReservedAreaRules { Pamts = PamtScope.Others })),
        new("pamt-up-to-own", "PAMTs of later TDMRs are not reserved", "loop bound",
            With(new ReservedAreaRules { Pamts = PamtScope.UpToOwn })),
        new("pamt-unclipped", "a PAMT over the edge of a TDMR is not cut", "max() and min() dropped",
            With(new ReservedAreaRules { LeavesUnclipped = true })),
        new("pamt-touching", "a PAMT that touches a TDMR counts as overlapping", "< and > instead of <= and >=",
            With(new ReservedAreaRules { CountsTouchingPamts = true })),
        new(
            "areas-of-any-bytes",
            "the 1G table is not rounded up to a page, and reserved areas need not be whole pages",
            "tdmr_add_rsvd_area(): alignment test left out",
            HostRules.Merged
                with { Pamts = new() { Leaves1GUnrounded = true }, Reserved = new() { TakesAnyBytes = true } }),
    ];

    private static HostRules With(ReservedAreaRules rules) => HostRules.Merged with { Reserved = rules };
}
