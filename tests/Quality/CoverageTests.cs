// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search.Coverage;

namespace TdxVerify.Tests.Quality;

/// <summary>The distribution of generated cases: every class is one case in a hundred or more of the strategies that promise it.</summary>
public sealed class CoverageTests
{
    private const ulong Cases = 20_000;

    [Theory]
    [InlineData(Strategy.Realistic)]
    [InlineData(Strategy.Adversarial)]
    [InlineData(Strategy.Sequences)]
    public void EveryPromisedClassIsMet(Strategy strategy)
    {
        var coverage = Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Strategy = strategy, Workers = 2 }).Coverage;
        Assert.Equal((long)Cases, coverage.Cases(strategy));
        Assert.Empty(
            from index in Enumerable.Range(0, CoverageCatalog.All.Count)
            let promised = CoverageCatalog.All[index]
            where promised.Strategies.Contains(strategy) && coverage.Met(strategy, index) * 100 < (long)Cases
            select $"{promised.Name}: {coverage.Met(strategy, index)} of {Cases}");
    }

    [Fact]
    public void TheMixedStrategyIsHalfRealisticWithASixteenthOfSequencesAndHalfAsMuchOfMemblock()
    {
        var coverage = Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Workers = 2 }).Coverage;
        Assert.InRange(coverage.Cases(Strategy.Realistic), (long)Cases * 48 / 100, (long)Cases * 52 / 100);
        Assert.InRange(coverage.Cases(Strategy.Sequences), (long)Cases * 5 / 100, (long)Cases * 8 / 100);
        Assert.InRange(coverage.Cases(Strategy.Memblock), (long)Cases * 2 / 100, (long)Cases * 5 / 100);
        Strategy[] all = [Strategy.Realistic, Strategy.Adversarial, Strategy.Sequences, Strategy.Memblock];
        Assert.Equal((long)Cases, all.Sum(coverage.Cases));
    }
}
