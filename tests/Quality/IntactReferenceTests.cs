// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Tests.Quality;

/// <summary>What a search finds on the reference as it is: the known issues, all of them, and nothing else.</summary>
public sealed class IntactReferenceTests
{
    private const ulong Cases = 40_000;

    private static readonly Lazy<Campaign> Intact = new(static () => Search(Strategy.Mixed));
    private static readonly Lazy<Campaign> IntactSequences = new(static () => Search(Strategy.Sequences));

    // Some issues are 7.3's, and some are rare.
    private static readonly Lazy<Campaign> IntactSequences73 = new(static () => Searches.Run(
        Searches.Options(HostProfile.SubsysInitcall73.Name, Cases) with { KeepsGoing = true, Workers = 2, Strategy = Strategy.Sequences, Seed = 14 }));

    private static readonly Lazy<Campaign> Intact73 = new(static () => Searches.Run(
        Searches.Options(HostProfile.SubsysInitcall73.Name, Cases) with { KeepsGoing = true, Workers = 2 }));

    [Fact]
    public void NothingIsViolatedThatIsNotKnown() =>
        Assert.Empty(Found.Where(static f => f.KnownIssue is null).Select(static f => $"{f.Property} in case {f.Case}: {f.Verdict}"));

    [Fact]
    public void EveryKnownIssueIsFound() => Assert.Equal(
        KnownIssueCatalog.All.Select(static k => k.Name).Order(),
        Found.Select(static f => f.KnownIssue!).Distinct().Order());

    [Fact]
    public void EveryLayoutOfTheSmallGridIsSound()
    {
        // Every 97th: the whole grid takes minutes.
        var judge = new CaseJudge(KernelPolicy.Merged);
        var scenario = new Scenario();
        for (ulong index = 0; index < SmallGrid.Total; index += 97)
        {
            SmallGrid.Fill(scenario, index);
            judge.Run(scenario);
            Assert.DoesNotContain(judge.Judge(0, withMetamorphic: false), static v => v.KnownIssue is null);
        }
    }

    [Fact]
    public void TheCanaryFails() => Assert.NotNull(Searches.FirstUnknown(null, 100, Searches.Seed, "CANARY"));

    [Fact]
    public void TheCanaryIsNotJudgedUnlessItIsAskedFor() => Assert.DoesNotContain(Intact.Value.Violations, static f => f.Property == "CANARY");

    private static IEnumerable<Violation> Found => Intact.Value.Violations.Concat(IntactSequences.Value.Violations).Concat(IntactSequences73.Value.Violations)
        .Concat(Intact73.Value.Violations);

    private static Campaign Search(Strategy strategy) => Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Workers = 2, Strategy = strategy });
}
