// SPDX-License-Identifier: MIT

using TdxVerify.Search;
using TdxVerify.Search.Mutants;

namespace TdxVerify.Tests.Quality;

/// <summary>Every property is broken by some mutant: one that nothing breaks says nothing.</summary>
public sealed class PropertyTests
{
    /// <summary>The mutant that SPECIFICATION.md names for each property.</summary>
    public static TheoryData<string, string> Mutants => new()
    {
        { "M1", "insert-behind" }, { "M2", "add-over" }, { "M3", "split-at-edge" }, { "M4", "merge-never" }, { "M5", "isolate-start-only" }, { "M6", "merge-across-flags" },
        { "B1", "bios-range-kept" }, { "B2", "merge-across-nodes" }, { "B3", "hotplug-kept" },
        { "L1", "entry-at-head" }, { "L2", "pfn-outward" }, { "L3", "first-mib-kept" }, { "L4", "empty-entry-kept" }, { "L5", "pfn-outward" }, { "L6", "boot-snapshot" },
        { "L7", "entry-without-nid" }, { "L8", "memlist-kept" }, { "L9", "enable-repeats" }, { "L10", "entries-joined" },
        { "T1", "align-2m" }, { "T2", "fill-overlapping" }, { "T3", "end-rounded-down" }, { "T4", "fill-below-end" }, { "T5", "align-2g" }, { "T6", "areas-one-more" },
        { "T7", "areas-one-less" }, { "T8", "tdmrs-written-later" }, { "T9", "failure-returns-0" },
        { "T10", "sort-missing" }, { "T11", "areas-of-any-bytes" }, { "T12", "offset-absolute" }, { "T13", "hole-of-no-bytes" }, { "T14", "cmr-holes-unchecked" },
        { "T15", "head-forgotten" }, { "T16", "pamt-not-own" },
        { "T20", "pamt-int" }, { "T21", "pamt-entry-skipped" }, { "T22", "pamt-one-page-short" }, { "T23", "pamt-one-page-short" }, { "T24", "nid-at-end" }, { "T25", "config-one-more" },
        { "S1", "tdmr-init-first" }, { "S2", "sys-init-every-cpu" }, { "S3", "lp-init-forgotten" }, { "S4", "key-every-cpu" }, { "S5", "registers-left" }, { "S6", "config-guest-keyid" },
        { "S7", "flush-missing" }, { "S8", "tdmr-init-once" }, { "S9", "tdmr-init-repeats-failure" }, { "S10", "tdmr-init-from-next" }, { "S11", "failure-returns-0" },
        { "S20", "no-module-is-io" }, { "S21", "no-module-is-io" }, { "S22", "retry-everything" }, { "S23", "entropy-nine" }, { "S24", "entropy-once" }, { "S25", "enable-retries" },
        { "S26", "tdmr-init-failure-ignored" },
        { "U1", "tdmr-buffer-leaked" }, { "U2", "pamts-freed-twice" }, { "U3", "rdmd-failure-ignored" }, { "U4", "failure-returns-0" }, { "U5", "unwind-without-flush" },
        { "U6", "unwind-without-reset" }, { "U7", "reset-after-free" }, { "U8", "pamt-one-page-short" }, { "U9", "enable-repeats" }, { "U10", "enable-refuses" },
        { "U11", "failure-told-twice" }, { "U12", "failure-returns-0" }, { "U13", "failure-returns-0" }, { "U14", "hotplug-lock-kept" }, { "U15", "pa-array-leaked" },
        { "G1", "hibernation-ignored" }, { "G2", "one-keyid-enough" }, { "G3", "notifier-failure-ignored" }, { "G4", "three-keyids-needed" }, { "G5", "keyid-start-off-by-one" },
        { "G6", "keyid-shared" }, { "G7", "refusal-ignored" },
        { "H1", "online-overlap" }, { "H2", "empty-list-rejects" }, { "H3", "online-below-end" }, { "H4", "online-start-only" },
        { "H5", "online-too-late" }, { "H6", "refusal-ignored-online" }, { "H7", "notify-two-blocks" }, { "H8", "notify-unlocked" }, { "H9", "refusal-keeps-span" },
        { "H10", "rollback-forgotten" }, { "H11", "online-below-end" }, { "H12", "pamt-moved" },
        { "H13", "online-below-end" }, { "H14", "addition-refused" }, { "H15", "hotplug-lock-first" },
        { "N1", "guest-anywhere" }, { "N2", "policy-narrowed" }, { "N3", "half-node-capable" }, { "N4", "policy-nomem" }, { "N5", "policy-refused" },
        { "A1", "tdmr-init-past-end" },
        { "K3", "areas-of-any-bytes" },
        { "X1", "merge-from-first" }, { "X2", "merge-never" }, { "X3", "add-forgets-tail" }, { "X4", "align-2g" }, { "X5", "entry-at-head" },
    };

    [Theory]
    [MemberData(nameof(Mutants))]
    public void IsBrokenByItsSlip(string statement, string mutant)
    {
        var found = Searches.FirstUnknown(mutant, 20_000, Searches.Seed, statement);
        Assert.True(found is not null, $"{mutant} does not break {statement}");
        Assert.Equal(statement, found.Value.Property);
    }

    /// <summary>Only kernel code that really runs breaks these; SPECIFICATION.md names a mutant in its source for each.</summary>
    public static IReadOnlyDictionary<string, string> OfKernels { get; } = new Dictionary<string, string>
    {
        ["K1"] = "buffer-off-by-one",
        ["K2"] = "hotplug-lock-missing",
        ["K4"] = "limits-read-backwards",
        ["K5"] = "limits-read-backwards",
    };

    [Fact]
    public void EachHasOne() => Assert.Equal(
        PropertyCatalog.All.Select(static s => s.Id).Where(static id => id != "CANARY" && !OfKernels.ContainsKey(id)),
        Mutants.Select(static row => row.Data.Item1).OrderBy(static id => PropertyCatalog.All.Select(static s => s.Id).ToList().IndexOf(id)));

    [Fact]
    public void NoTwoHaveTheSameId() => Assert.Distinct(PropertyCatalog.All.Select(static s => s.Id));

    [Fact]
    public void NoTwoMutantsHaveTheSameName() => Assert.Distinct(MutantCatalog.All.Select(static s => s.Name));
}
