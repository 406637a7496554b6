// SPDX-License-Identifier: MIT

using TdxVerify.Search.Races;

namespace TdxVerify.Tests.Quality;

/// <summary>With its locks nothing breaks, in any order; without one of them the race is found.</summary>
public sealed class RaceTests
{
    [Fact]
    public void WithTheLocksNothingBreaks()
    {
        var explorer = new RaceExplorer(new RaceLocks());
        Assert.Null(explorer.Run(4, CancellationToken.None));
        Assert.InRange(explorer.Schedules, 10_000, long.MaxValue);
    }

    [Theory]
    [InlineData(false, true, false, "the notifier refuses a block by a list that is not complete (H2, H3)", 1)]
    [InlineData(true, false, false, "TDH.SYS.CONFIG runs twice", 1)]
    [InlineData(true, true, true, "threads wait for each other for ever", 1)]
    public void WithoutALockTheRaceIsFound(bool hasHotplugLock, bool hasModuleLock, bool isMixed, string rule, int preemptions)
    {
        var finding = new RaceExplorer(new RaceLocks(hasHotplugLock, hasModuleLock, isMixed)).Run(3, CancellationToken.None);
        Assert.NotNull(finding);
        Assert.Equal(rule, finding.Rule);
        Assert.Equal(preemptions, finding.Preemptions);
    }

    [Fact]
    public void OneThreadBehindTheOtherBreaksNothing() => Assert.Null(new RaceExplorer(new RaceLocks(false, false)).Run(0, CancellationToken.None));
}
