// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Shrinking;
using TdxVerify.Search;

namespace TdxVerify.Tests.Quality;

/// <summary>Same fault, same smallest scenario, whatever the seed: the one that a person would write.</summary>
public sealed class ShrinkTests
{
    private const int MaxEvaluations = 300;

    public static TheoryData<string> Files => SmallestScenarios.In("initialization");

    [Theory]
    [MemberData(nameof(Files))]
    public void TheSmallestScenarioIsReached(string file) =>
        SmallestScenarios.AssertReached(file, MaxEvaluations);

    [Fact]
    public void EveryCandidateIsSmaller()
    {
        foreach (var mutant in (string[])
            ["first-mib-kept", "areas-one-more", "entropy-once", "tdmrs-one-less", "merge-never",
                "online-count-as-end", "online-start-only", "rollback-forgotten"])
        {
            var options = Searches.Options(mutant, 20_000);
            var found = Searches.FirstUnknown(mutant, 20_000)!.Value;
            var scenario = new Scenario();
            CampaignParts.Generator(options).Fill(scenario, options.Seed, found.Case);
            var judge = CampaignParts.Judge(options with { Properties = [found.Property] });
            var tried = 0;
            var shrinker = new Shrinker(
                s =>
                {
                    judge.Run(s);
                    return judge.Judge(0, withMetamorphic: true).Any(static v => v.KnownIssue is null);
                },
                1000,
                (from, candidate) =>
                {
                    tried++;
                    Assert.True(ScenarioMeasure.Of(candidate) < ScenarioMeasure.Of(from));
                });
            shrinker.Shrink(scenario);
            Assert.InRange(tried, 1, 1000);
        }
    }

    [Fact]
    public void AShrinkerAsksNoMoreThanItMay()
    {
        var scenario = new Scenario();
        new Properties.Generation.ScenarioGenerator(Properties.Generation.Strategy.Adversarial).Fill(scenario, 7);
        var asked = 0;
        new Shrinker(
            _ =>
            {
                asked++;
                return false;
            },
            10).Shrink(scenario);
        Assert.Equal(10, asked);
    }

    [Fact]
    public void AKnownIssueIsNotSlidOnto()
    {
        // Beside the too small limit, shrinking passes machines that have too many holes anyway.
        var options = Searches.Options("areas-one-less", 20_000, Searches.Seed, "A1");
        var finding = new FindingShrinker(options).Shrink(Searches.FirstUnknown("areas-one-less", 20_000, Searches.Seed, "A1")!.Value);
        var judge = CampaignParts.Judge(options);
        judge.Run(finding.Scenario);
        Assert.Null(Assert.Single(judge.Judge(0, withMetamorphic: false)).KnownIssue);
        Assert.Equal(16, judge.Facts.Demand.MaxAreas);
    }
}
