// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Search.Races;

namespace TdxVerify.Tests.Quality;

/// <summary>With its locks nothing breaks, in any order; without one of them the race is found.</summary>
public sealed class RaceTests
{
    /// <summary>
    /// Profiles, preemptions, and how many schedules there are at least: an initcall leaves little that could overlap.
    /// </summary>
    public static TheoryData<string, int, int> Profiles => new()
    {
        { "merged", 3, 10_000 }, { "sys-info", 2, 9_000 }, { "subsys-initcall-7.3", 3, 80 },
    };

    [Theory]
    [MemberData(nameof(Profiles))]
    public void WithTheLocksNothingBreaks(string profile, int preemptions, int least)
    {
        using var explorer = RaceExplorer.Of(HostProfile.Find(profile)!.Policy, new RaceLocks());
        Assert.Empty(explorer.Serial);
        Assert.Null(explorer.Run(preemptions, CancellationToken.None));
        Assert.InRange(explorer.Schedules, least, long.MaxValue);
    }

    [Theory]
    [InlineData(false, true, "L5 L6 H2")]
    [InlineData(true, false, "S25 U10")]
    public void WithoutALockTheRaceIsFound(bool hasHotplugLock, bool hasModuleLock, string properties)
    {
        using var explorer = RaceExplorer.Of(KernelPolicy.Merged, new RaceLocks(hasHotplugLock, hasModuleLock));
        var finding = explorer.Run(3, CancellationToken.None);
        Assert.NotNull(finding);
        Assert.Equal(1, finding.Preemptions);
        var broken = finding.Violations.Select(static v => v.Property).ToHashSet();
        Assert.Subset(broken, properties.Split(' ').ToHashSet());
        var configs = finding.Schedule.Count(static s => s.What.Contains("TDH.SYS.CONFIG", StringComparison.Ordinal));
        Assert.Equal(hasModuleLock ? 1 : 2, configs);
    }

    [Fact]
    public void MixedOrderIsADeadlockOfAllThree()
    {
        using var explorer = RaceExplorer.Of(KernelPolicy.Merged, new RaceLocks(IsMixed: true));
        Assert.Equal(["H15"], explorer.Serial.Select(static v => v.Property));
        var finding = explorer.Run(3, CancellationToken.None);
        Assert.NotNull(finding);
        Assert.Equal(1, finding.Preemptions);
        Assert.Equal(["K1"], finding.Violations.Select(static v => v.Property));
        Assert.Equal(
            [
                (0, "waits for mem_hotplug_lock (read)"), (1, "waits for tdx_module_lock"),
                (2, "waits for mem_hotplug_lock (write)"),
            ],
            finding.Schedule.TakeLast(3));
    }

    /// <summary>Behind an initcall, what mem_hotplug_lock keeps apart are two who put memory online.</summary>
    [Fact]
    public void BehindAnInitcallTheLockKeepsHotplugApart()
    {
        using var explorer = RaceExplorer.Of(HostProfile.SubsysInitcall73.Policy, new RaceLocks(false));
        var finding = explorer.Run(3, CancellationToken.None);
        Assert.NotNull(finding);
        Assert.Equal(2, finding.Preemptions);
        Assert.Equal("H9", finding.Violations[0].Property);
    }

    /// <summary>Every start order of three CPUs, and every place where another one may go on.</summary>
    [Fact]
    public void InNoOrderOfCpusAnUpdateBreaksAnything()
    {
        var explorer = UpdateExplorer.Of(HostProfile.SubsysInitcall73.Policy);
        Assert.Null(explorer.Run(3, CancellationToken.None));
        Assert.InRange(explorer.Schedules, 100_000, long.MaxValue);
    }

    [Fact]
    public void OneTaskBehindTheOtherBreaksNothing()
    {
        using var explorer = RaceExplorer.Of(KernelPolicy.Merged, new RaceLocks(false, false));
        Assert.Null(explorer.Run(0, CancellationToken.None));
        Assert.Equal(2 * 6, explorer.Schedules);
    }

    [Fact]
    public void TheSameScheduleIsFoundAgain()
    {
        using var explorer = RaceExplorer.Of(KernelPolicy.Merged, new RaceLocks(HasModuleLock: false));
        var (first, schedules) = (explorer.Run(3, CancellationToken.None)!, explorer.Schedules);
        var second = explorer.Run(3, CancellationToken.None)!;
        Assert.Equal(first.Schedule, second.Schedule);
        Assert.Equal(schedules, explorer.Schedules);
    }
}
