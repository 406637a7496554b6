// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Tests.Quality;

/// <summary>What a search finds on the reference as it is: the known findings, all of them, and nothing else.</summary>
public sealed class IntactReferenceTests
{
    private const ulong Cases = 40_000;

    private static readonly Lazy<Campaign> Intact = new(static () => Search(Strategy.Mixed));
    private static readonly Lazy<Campaign> IntactSequences = new(static () => Search(Strategy.Sequences));

    [Fact]
    public void NothingIsViolatedThatIsNotKnown() =>
        Assert.Empty(Found.Where(static f => f.Breach.Known is null).Select(static f => $"{f.Breach.Property.Id} in case {f.Case}: {f.Breach.Verdict}"));

    [Fact]
    public void EveryKnownIssueIsFound() => Assert.Equal(
        KnownIssueCatalog.All.Select(static k => k.Name).Order(),
        Found.Select(static f => f.Breach.Known!.Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(KnownIssues))]
    public void ANeighbourOfAKnownIssueIsStillReported(string known)
    {
        var finding = KnownIssueCatalog.All.Single(k => k.Name == known);
        Assert.NotNull(Searches.FirstUnknown(finding.Neighbour, Cases, Searches.Seed, finding.Invariant));
    }

    [Fact]
    public void EveryLayoutOfTheSmallGridIsSound()
    {
        // Every 97th: the whole grid takes minutes.
        var judge = new CaseJudge(Model.TdxHost.HostRules.Merged);
        var scenario = new Scenario();
        for (ulong index = 0; index < SmallGrid.Total; index += 97)
        {
            SmallGrid.Fill(scenario, index);
            judge.Run(scenario);
            Assert.DoesNotContain(judge.Judge(withMetamorphic: false), static b => b.Known is null);
        }
    }

    [Fact]
    public void TheCanaryFails() => Assert.NotNull(Searches.FirstUnknown(null, 100, Searches.Seed, "CANARY"));

    [Fact]
    public void TheCanaryIsNotJudgedUnlessItIsAskedFor() => Assert.DoesNotContain(Intact.Value.Found, static f => f.Breach.Property.Id == "CANARY");

    private static IEnumerable<FoundBreach> Found => Intact.Value.Found.Concat(IntactSequences.Value.Found);

    private static Campaign Search(Strategy mood) => Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Workers = 2, Strategy = mood });

    public static TheoryData<string> KnownIssues => [.. KnownIssueCatalog.All.Select(static k => k.Name)];
}
