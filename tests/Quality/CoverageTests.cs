// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search.Coverage;

namespace TdxVerify.Tests.Quality;

/// <summary>The distribution of generated cases: every class is one case in a hundred or more of the moods that promise it.</summary>
public sealed class CoverageTests
{
    private const ulong Cases = 20_000;

    [Theory]
    [InlineData(Mood.Realistic)]
    [InlineData(Mood.Adversarial)]
    [InlineData(Mood.Sequences)]
    public void EveryPromisedClassIsMet(Mood mood)
    {
        var coverage = Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Mood = mood, Workers = 2 }).Coverage;
        Assert.Equal((long)Cases, coverage.Cases(mood));
        Assert.Empty(
            from index in Enumerable.Range(0, CoverageCatalog.All.Count)
            let promised = CoverageCatalog.All[index]
            where promised.Moods.Contains(mood) && coverage.Met(mood, index) * 100 < (long)Cases
            select $"{promised.Name}: {coverage.Met(mood, index)} of {Cases}");
    }

    [Fact]
    public void TheMixedMoodIsHalfAndHalf()
    {
        var coverage = Searches.Run(Searches.Options(null, Cases) with { KeepsGoing = true, Workers = 2 }).Coverage;
        Assert.InRange(coverage.Cases(Mood.Realistic), (long)Cases * 48 / 100, (long)Cases * 52 / 100);
        Assert.Equal((long)Cases, coverage.Cases(Mood.Realistic) + coverage.Cases(Mood.Adversarial));
    }
}
