// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Shrinking;
using TdxVerify.Search;

namespace TdxVerify.Tests.Quality;

/// <summary>A shrinker tries smaller scenarios only, and no more of them than it may.</summary>
public sealed class ShrinkTests
{
    [Fact]
    public void EveryCandidateIsSmaller()
    {
        foreach (var (design, property) in ((string, string)[])
            [("boot-list", "H5"), ("check-additions", "H14"), ("cmr-holes", "H6"), ("cmr-holes", "T14"),
                ("cmr-holes-v8.2", "A1"), ("together", "N1"), ("together-narrows", "N2"), ("online-blocks", "H13")])
        {
            var options = Searches.Options(design, 20_000, Searches.Seed, property);
            var found = Searches.FirstUnknown(design, 20_000, Searches.Seed, property)!.Value;
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
}
