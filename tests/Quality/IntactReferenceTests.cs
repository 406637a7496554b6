// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Knowns;

namespace TdxVerify.Tests.Quality;

/// <summary>What a search finds on the reference as it is: the known findings, all of them, and nothing else.</summary>
public sealed class IntactReferenceTests
{
    private const ulong Cases = 40_000;

    private static readonly Lazy<Sweep> Intact = new(static () => Search(Mood.Mixed));
    private static readonly Lazy<Sweep> IntactSequences = new(static () => Search(Mood.Sequences));

    [Fact]
    public void NothingIsBrokenThatIsNotKnown() =>
        Assert.Empty(Found.Where(static f => f.Breach.Known is null).Select(static f => $"{f.Breach.Statement.Id} in case {f.Case}: {f.Breach.Verdict}"));

    [Fact]
    public void EveryKnownFindingIsFound() => Assert.Equal(
        KnownCatalog.All.Select(static k => k.Name).Order(),
        Found.Select(static f => f.Breach.Known!.Name).Distinct().Order());

    [Theory]
    [MemberData(nameof(Knowns))]
    public void ANeighbourOfAKnownFindingIsStillReported(string known)
    {
        var finding = KnownCatalog.All.Single(k => k.Name == known);
        Assert.NotNull(Searches.FirstUnknown(finding.Neighbour, Cases, Searches.Seed, finding.Invariant));
    }

    [Fact]
    public void EveryLayoutOfTheSmallGridIsSound()
    {
        // Every 997th: the whole grid takes minutes.
        var judge = new CaseJudge(Model.TdxHost.HostRules.Merged);
        var scenario = new Core.Cases.Scenario();
        for (ulong index = 0; index < SmallGrid.Total; index += 97)
        {
            SmallGrid.Fill(scenario, index);
            judge.Run(scenario);
            Assert.DoesNotContain(judge.Judge(withRelations: false), static b => b.Known is null);
        }
    }

    [Fact]
    public void TheCanaryFails() => Assert.NotNull(Searches.FirstUnknown(null, 100, Searches.Seed, "CANARY"));

    [Fact]
    public void TheCanaryIsNotJudgedUnlessItIsAskedFor() => Assert.DoesNotContain(Intact.Value.Found, static f => f.Breach.Statement.Id == "CANARY");

    private static IEnumerable<FoundBreach> Found => Intact.Value.Found.Concat(IntactSequences.Value.Found);

    private static Sweep Search(Mood mood) => Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Workers = 2, Mood = mood });

    public static TheoryData<string> Knowns => [.. KnownCatalog.All.Select(static k => k.Name)];
}
