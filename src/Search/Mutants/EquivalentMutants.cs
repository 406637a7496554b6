// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Changes that no invariant may mind: three single tokens that are proven equivalent, and other ways to do
/// the same.</summary>
internal static class EquivalentMutants
{
    public static IEnumerable<Mutant> All =>
    [
        Of("same-hole-skip", "an entry that ends where the TDMR begins is skipped",
            "end <= base instead of <: proven equivalent",
            HostRules.Merged with { Reserved = new() { SkipsTouching = true } }),
        Of("same-hole-break", "an entry that begins where the TDMR ends is looked at",
            "start > end instead of >=: proven equivalent",
            HostRules.Merged with { Reserved = new() { LooksAtNext = true } }),
        Of("same-covered-end", "the covered end never goes back",
            "max(prev_end, end): proven equivalent for ordered lists",
            HostRules.Merged with { Reserved = new() { TakesHighestEnd = true } }),
        Of("sort-by-insertion", "reserved areas are sorted by insertion", "another sort",
            HostRules.Merged with { Reserved = new() { SortsByInsertion = true } }),
        Of("flush-twice", "caches are flushed twice before the key is configured", "one flush more",
            HostRules.Merged with { Sequence = new() { Flush = FlushPoint.Twice } }),
        Of("pa-array-page", "the array of TDMR addresses takes a page whatever the count", "a bigger kmalloc()",
            HostRules.Merged with { Sequence = new() { TakesWholePage = true } }),
        Of("limits-backwards", "the limits are read in the other order", "another order of TDH.SYS.RD",
            HostRules.Merged with { Sequence = new() { ReadsLimitsBackwards = true } }),
        Of("tdmrs-forgotten-at-free", "nr_consumed_tdmrs goes back to 0 when the buffer is freed",
            "the fix of the freed TDMR buffer", HostRules.Merged with { Unwind = new() { ForgetsTdmrs = true } }),
    ];

    private static Mutant Of(string name, string sentence, string source, HostRules rules) =>
        new(name, sentence, source, rules, IsFault: false);
}
