// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search;

namespace TdxVerify.Tests.Quality;

/// <summary>Faults of the notifier, of the list's lifetime and of the locks shrink to sequences no longer than a person would write.</summary>
public sealed class SequenceShrinkTests
{
    private const int Seeds = 100;
    private const ulong Cases = 20_000;

    /// <summary>Mutant, statement, and the sequence that a person would write.</summary>
    public static TheoryData<string, string, string[]> Mutants => new()
    {
        { "online-overlap", "H4", ["enable", "offline a block with a flag edge", "online"] },
        { "online-too-late", "H5", ["enable", "hot-add", "online"] },
        { "online-count-as-end", "H5", ["enable", "hot-add", "online"] },
        { "online-below-end", "H3", ["enable", "offline", "online"] },
        { "online-start-only", "H4", ["enable", "offline a block with a flag edge", "online"] },
        { "empty-list-rejects", "H2", ["offline", "online"] },
        { "boot-snapshot", "H5", ["hot-add", "online", "enable"] },
        { "memlist-kept", "H2", ["enable fails", "hot-add", "online"] },
        { "hotplug-lock-first", "H15", ["enable"] },
        { "refusal-ignored-online", "H5", ["enable", "hot-add", "online"] },
        { "refusal-keeps-span", "H9", ["enable", "hot-add", "online"] },
        { "notify-unlocked", "H8", ["offline", "online"] },
        { "rollback-forgotten", "H10", ["plug", "online a block", "online another one", "enable, so that a PAMT pins it", "unplug"] },
    };

    [Theory]
    [MemberData(nameof(Mutants))]
    public void TheSequenceIsShort(string slip, string statement, string[] byHand)
    {
        var isShort = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var options = Searches.Options(slip, Cases, seed, statement) with { Strategy = Strategy.Sequences };
            var found = Searches.Run(options).Violations.FirstOrDefault(static f => f.KnownIssue is null);
            Assert.True(found.Property is not null, $"{slip} does not break {statement} with seed {seed}");
            isShort += new FindingShrinker(options).Shrink(found).Scenario.Steps.Count <= byHand.Length ? 1 : 0;
        }

        Assert.InRange(isShort, Seeds * 95 / 100, Seeds);
    }
}
