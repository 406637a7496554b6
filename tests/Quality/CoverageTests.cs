// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search.Coverage;

namespace TdxVerify.Tests.Quality;

/// <summary>The distribution of generated cases: every class is one case in a hundred or more of the moods that promise it.</summary>
public sealed class CoverageTests
{
    private const ulong Cases = 20_000;

    [Theory]
    [InlineData(Strategy.Realistic)]
    [InlineData(Strategy.Adversarial)]
    [InlineData(Strategy.Sequences)]
    public void EveryPromisedClassIsMet(Strategy mood)
    {
        var coverage = Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Strategy = mood, Workers = 2 }).Coverage;
        Assert.Equal((long)Cases, coverage.Cases(mood));
        Assert.Empty(
            from index in Enumerable.Range(0, CoverageCatalog.All.Count)
            let promised = CoverageCatalog.All[index]
            where promised.Strategies.Contains(mood) && coverage.Met(mood, index) * 100 < (long)Cases
            select $"{promised.Name}: {coverage.Met(mood, index)} of {Cases}");
    }

    [Fact]
    public void TheMixedStrategyIsHalfAndHalf()
    {
        var coverage = Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Workers = 2 }).Coverage;
        Assert.InRange(coverage.Cases(Strategy.Realistic), (long)Cases * 48 / 100, (long)Cases * 52 / 100);
        Assert.Equal((long)Cases, coverage.Cases(Strategy.Realistic) + coverage.Cases(Strategy.Adversarial));
    }
}
