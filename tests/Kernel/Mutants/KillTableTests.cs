// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.KillTables;
using TdxVerify.Mutation.Rivals;
using TdxVerify.Properties.Generation;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Mutants;

/// <summary>Strategies and rivals search the same mutants.</summary>
public sealed class KillTableTests
{
    private const string Harmless = "while echo 'tdxverify: memblock add 0x40000000+0x40000000'; echo; do :; done";
    private const string Killing =
        "while echo 'virt/tdx: BIOS enabled: private KeyID range [32, 64)'; echo 'virt/tdx: CMR: [0x0, 0x100000000)'; "
        + "echo 'tdxverify: memblock add 0x0+0x40000000'; echo 'tdxverify: step enable'; echo; do :; done";

    [Fact]
    public void AStrategyKills() => Assert.True(CellOf(new KillColumn("mixed", Strategy.Mixed, null)).IsAlwaysKilled);

    [Fact]
    public void ARivalThatPrintsTheRightScenarioKills()
    {
        var cell = CellOf(new KillColumn("killing", Strategy.Mixed, Rival.OfCommand("killing", Killing)));
        Assert.Equal(2, cell.Killed);
        Assert.All(cell.Kills, static k => Assert.Equal(1UL, k.Cases));
    }

    [Fact]
    public void ARivalThatPrintsAnotherOneDoesNot()
    {
        var cell = CellOf(new KillColumn("harmless", Strategy.Mixed, Rival.OfCommand("harmless", Harmless)));
        Assert.Equal(0, cell.Killed);
        Assert.All(cell.Kills, static k => Assert.True(k.Cases > 100, $"{k.Cases} cases"));
    }

    [Fact]
    public void ARivalThatHasNoMoreCasesDoesNotKill()
    {
        var cell = CellOf(new KillColumn("few", Strategy.Mixed, Rival.OfCommand("few", "echo 'tdxverify: memblock add 0x40000000+0x40000000'; echo")));
        Assert.Equal(0, cell.Killed);
        Assert.All(cell.Kills, static k => Assert.Equal(1UL, k.Cases));
    }

    [Fact]
    public void ARivalThatPrintsNoScenarioHasFailed()
    {
        var rival = Rival.OfCommand("odd", "echo 'tdxverify: memblock add 0x40000000+0x40000000'; echo; echo 'tdxverify: nonsense'; echo");
        var failure = Assert.Throws<WorkerFailedException>(() => CellOf(new KillColumn("odd", Strategy.Mixed, rival)));
        Assert.Equal(
            "odd failed at case 2: tdxverify: scenario:1: expected profile, property, module, features0, cpuid-configs, limits, mirror, later, memblock, step, fault or env, "
                + "got 'tdxverify: nonsense'",
            failure.Message);
    }

    [Fact]
    public void AflFuzzFindsWhatItsBytesReach()
    {
        var afl = AflFuzz.Find();
        Assert.SkipUnless(afl is not null, "afl-fuzz was not found: apt install afl++");
        var cell = CellOf(new KillColumn("AFL++", Strategy.Mixed, afl));
        Assert.True(cell.IsAlwaysKilled, $"{cell.Killed} of {cell.Trials}");
    }

    /// <summary>Its first case is the harmless one of all zeros, so it has to go on.</summary>
    [Fact]
    public void AflFuzzRunsCasesOfAKernelThatIsIntact()
    {
        var afl = AflFuzz.Find();
        Assert.SkipUnless(afl is not null, "afl-fuzz was not found: apt install afl++");
        var cell = CellOf(new KillColumn("AFL++", Strategy.Mixed, afl), "same-hole-skip");
        Assert.Equal(0, cell.Killed);
        Assert.All(cell.Kills, static k => Assert.True(k.Cases > 1000, $"{k.Cases} cases"));
    }

    private static KillCell CellOf(KillColumn column, string mutant = "first-mib-kept")
    {
        var kind = column.Rival?.Kind ?? BuildKind.Plain;
        var built = BuildFolder.Builder.Make(KernelSource.Require(), kind, CancellationToken.None);
        var worker = KernelSearch.Worker();
        var plan = new KillTablePlan(
            new Dictionary<BuildKind, BuiltKernel> { [kind] = built },
            KernelSearch.Options(built, ulong.MaxValue / 2) with { CasesBehindDifference = 0, KeepsGoing = false, Worker = worker },
            [.. worker.Command.SkipLast(1), "target"],
            [column])
        {
            Trials = 2,
            Workers = 1,
            Limit = TimeSpan.FromSeconds(column.Name == "harmless" || mutant != "first-mib-kept" ? 3 : 60),
        };
        var row = new KillTableRun(plan, BuildFolder.Builder).Run([Edits.Row(mutant).In(built.Tree.Folder)], static _ => { }, CancellationToken.None);
        return Assert.Single(Assert.Single(row).Cells);
    }
}
