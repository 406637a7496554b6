// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Coverage;

namespace TdxVerify.Tests.Unit.Search.Coverage;

/// <summary>Counts of classes go to another process and back as numbers.</summary>
public sealed class CoverageCountTests
{
    [Fact]
    public void NumbersMakeTheSameCounts()
    {
        var counted = Counted();
        Assert.Contains(counted.ToNumbers(), static n => n > 1);
        var read = new CoverageCount();
        read.Add(counted.ToNumbers());
        Assert.Equal(counted.ToNumbers(), read.ToNumbers());
        Assert.Equal(counted.Cases(Strategy.Realistic), read.Cases(Strategy.Realistic));
        Assert.Equal(Enumerable.Range(0, CoverageCatalog.All.Count).Select(counted.Met), Enumerable.Range(0, CoverageCatalog.All.Count).Select(read.Met));
    }

    [Fact]
    public void NumbersAndCountsAddUpAlike()
    {
        var counted = Counted();
        var (one, other) = (Counted(), Counted());
        one.Add(counted);
        other.Add(counted.ToNumbers());
        Assert.Equal(one.ToNumbers(), other.ToNumbers());
        Assert.Equal(counted.ToNumbers().Select(static n => 2 * n), one.ToNumbers());
    }

    [Fact]
    public void ClearedIsZero()
    {
        var counted = Counted();
        counted.Clear();
        Assert.All(counted.ToNumbers(), static n => Assert.Equal(0, n));
    }

    private static CoverageCount Counted()
    {
        var generator = new ScenarioGenerator(Strategy.Mixed);
        var judge = new CaseJudge(KernelPolicy.Merged);
        var scenario = new Scenario();
        var counted = new CoverageCount();
        for (var index = 0UL; index < 50; index++)
        {
            var strategy = generator.Fill(scenario, 1, index);
            judge.Run(scenario);
            counted.Count(strategy, judge.Facts);
        }

        return counted;
    }
}
