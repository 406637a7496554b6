// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Subjects;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

public sealed class TdmrConstructionTests
{
    [Fact]
    public void MemlistLeavesTheFirstMibOut()
    {
        var run = WithRam((0, 640 * K, 0), (640 * K, G, 1)).Run();
        Assert.Equal([new PfnRange(256, G / 4096, 1)], run.Memlist);
    }

    [Fact]
    public void MemlistKeepsTouchingNodesApart() =>
        Assert.Equal(
            [new PfnRange(0x100000, 0x120000, 0), new PfnRange(0x120000, 0x140000, 1)],
            WithRam((4 * G, 4 * G + (G / 2), 0), (4 * G + (G / 2), 5 * G, 1)).Run().Memlist);

    [Fact]
    public void TdmrIsTheEntryRoundedToWholeGib() =>
        Assert.Equal([(4 * G, 2 * G)], Tdmrs(WithRam((4 * G + M, 5 * G + M, 0)).Run()));

    /*
     *   0        1G        2G        3G
     *   |.####### node 0 ####|### node 1 #####|
     *        1M           1.5G               3G      the rest of the second GiB belongs to the first TDMR
     */
    [Fact]
    public void TouchingRegionBeyondTheEndOpensANewTdmr() =>
        Assert.Equal([(0UL, 2 * G), (2 * G, G)], Tdmrs(WithRam((M, 3 * G / 2, 0), (3 * G / 2, 3 * G, 1)).Run()));

    [Fact]
    public void NeighbouringGibOpensANewTdmrToo() =>
        Assert.Equal([(4 * G, G), (5 * G, G)], Tdmrs(WithRam((4 * G, 5 * G, 0), (5 * G, 6 * G, 1)).Run()));

    [Fact]
    public void CoveredRegionIsSkipped() =>
        Assert.Equal([(4 * G, 2 * G)], Tdmrs(WithRam((4 * G, 5 * G + M, 0), (5 * G + (512 * M), 6 * G, 1)).Run()));

    [Theory]
    [InlineData(60, 0)]
    [InlineData(61, 1)]
    [InlineData(64, 1)]
    public void LimitIsAnnouncedWhenFewerThanFourAreLeft(int count, int lines)
    {
        var run = WithRam(EveryOtherGib(count)).Run();
        Assert.Equal((0, count), (run.Enabled(), run.Tdmrs.Consumed));
        Assert.Equal(lines, run.Trace.CountOf(KernelLine.TdmrsNearLimit));
    }

    [Fact]
    public void WarningCountsUsedAndLimit()
    {
        var line = WithRam(EveryOtherGib(64)).Run().Trace.Line(KernelLine.TdmrsNearLimit);
        Assert.Equal((64UL, 64UL), (line.Log.First, line.Log.Second));
    }

    [Fact]
    public void SixtyFiveTdmrsAreTooMany()
    {
        var run = WithRam(EveryOtherGib(65)).Run();
        Assert.Equal(-28, run.Enabled());
        Assert.Equal(1, run.Trace.CountOf(KernelLine.TdmrsExhausted));
    }

    [Fact]
    public void RegionInsideTheLastTdmrStillFitsAt64()
    {
        var ram = EveryOtherGib(64).ToList();
        ram.Add((ram[^1].End + M, ram[^1].End + (2 * M), 0));
        Assert.Equal(0, WithRam([.. ram]).Run().Enabled());
    }

    // Pages: 4K table 1024 a GiB, 2M table 2 a GiB, 1G table 16 bytes a GiB rounded up.
    [Theory]
    [InlineData(1, 1027)]
    [InlineData(4, 4105)]
    [InlineData(16, 16417)]
    [InlineData(64, 65665)]
    [InlineData(257, 263684)]
    public void PamtTakesPagesBySize(ulong gib, ulong pages)
    {
        var run = WithRam((4 * G, (4 + gib) * G, 0)).Run();
        Assert.Equal(pages, Assert.Single(run.Trace.Allocations(AllocationSite.Pamt)).Allocation.Amount);
    }

    [Fact]
    public void PamtIsAskedFromTheNodeOfTheFirstEntryThatEndsBehindTheBase()
    {
        // The second TDMR begins at 5G, inside the entry of node 1; the entry of node 0 ends exactly there.
        var run = WithRam((4 * G, 5 * G, 0), (5 * G, 6 * G, 1), (8 * G, 9 * G, 2)).Run();
        Assert.Equal([0, 1, 2], run.Trace.Allocations(AllocationSite.Pamt).Select(static e => e.Allocation.Nid));
    }

    [Fact]
    public void NodeMayBeThatOfMemoryInTheSameGibOnly()
    {
        // [4.5G, 5.5G) of node 1 opens TDMR [5G, 6G), whose base lies in it.
        var run = WithRam((4 * G, 4 * G + (256 * M), 0), (4 * G + (512 * M), 5 * G + (512 * M), 1)).Run();
        Assert.Equal([0, 1], run.Trace.Allocations(AllocationSite.Pamt).Select(static e => e.Allocation.Nid));
    }

    /*
     *   4G                                    5G
     *   |....####......####.....#####.........|     offsets in MiB: 0 100 200 300 400 500 600
     */
    [Fact]
    public void HolesAreHeadGapsAndTail()
    {
        var run = WithRam((At(100), At(200), 0), (At(300), At(400), 0), (At(500), At(600), 0)).Run();
        Assert.Equal([(0UL, 100 * M), (200 * M, 100 * M), (400 * M, 100 * M), (600 * M, 424 * M)], Areas(run, 0));
    }

    [Fact]
    public void TouchingEntriesLeaveNoHole() =>
        Assert.Empty(Areas(WithRam((4 * G, At(512), 0), (At(512), 5 * G, 1)).Run(), 0));

    [Fact]
    public void EntryThatEndsAtTheBaseLeavesTheHeadAHole()
    {
        var run = WithRam((4 * G, 5 * G, 0), (5 * G + M, 6 * G, 1)).Run();
        Assert.Equal([(0UL, M)], Areas(run, 1));
    }

    [Theory]
    [InlineData(15, 0)]
    [InlineData(16, -28)]
    public void SixteenHolesFitAndSeventeenDoNot(int islands, int errno)
    {
        var run = WithRam(Islands(islands)).Run();
        Assert.Equal(errno, run.Enabled());
        Assert.Equal(errno == 0 ? 0 : 1, run.Trace.CountOf(KernelLine.ReservedAreasExhausted));
    }

    [Theory]
    [InlineData(14, 0)]
    [InlineData(15, -28)]
    public void PamtTakesOneOfTheSixteenAreas(int islands, int errno)
    {
        // The islands' holes and the PAMT, which lies inside the first island.
        var run = WithRam(Islands(islands)).WithPamtsAt(At(33) / 4096).Run();
        Assert.Equal(errno, run.Enabled());
        Assert.Equal(0, run.Trace.Warnings);
    }

    [Fact]
    public void FailureNamesTheTdmr()
    {
        var line = WithRam([(M, G, 0), .. Islands(16)]).Run().Trace.Line(KernelLine.ReservedAreasExhausted);
        Assert.Equal((4 * G, 5 * G), (line.Log.First, line.Log.Second));
    }

    [Fact]
    public void TouchingPamtsAreTwoAreas()
    {
        var run = WithRam((4 * G, 5 * G, 0), (5 * G, 6 * G, 1)).WithPamtsAt(0x110000, 0x110000 + 1027).Run();
        Assert.Equal([(256 * M, 1027UL * 4096), ((256 * M) + (1027UL * 4096), 1027UL * 4096)], Areas(run, 0));
        Assert.Empty(Areas(run, 1));
    }

    /*
     *   4G                  5G                 6G
     *   |################PPP|PPP######PPPPP####|    the PAMT of the first TDMR: 500 pages before 5G, 527 after
     */
    [Fact]
    public void PamtIsClippedIntoBothTdmrs()
    {
        var run = WithRam((4 * G, 5 * G, 0), (5 * G, 6 * G, 1)).WithPamtsAt(0x140000 - 500, 0x160000).Run();
        Assert.Equal(0, run.Enabled());
        Assert.Equal([(G - (500 * 4096), 500UL * 4096)], Areas(run, 0));
        Assert.Equal([(0UL, 527UL * 4096), (512 * M, 1027UL * 4096)], Areas(run, 1));
    }

    [Fact]
    public void PamtThatEndsAtTheBaseIsNotInTheTdmr()
    {
        var run = WithRam((4 * G, 5 * G, 0), (5 * G, 6 * G, 1)).WithPamtsAt(0x140000 - 1027, 0x160000).Run();
        Assert.Equal([(512 * M, 1027UL * 4096)], Areas(run, 1));
    }

    [Theory]
    [InlineData(33UL)]
    [InlineData(97UL)]
    [InlineData(417UL)]
    public void AreasAreSortedWhereverThePamtLies(ulong mib)
    {
        // 14 islands and 15 holes, which are found before the PAMT.
        var areas = Areas(WithRam(Islands(14)).WithPamtsAt(At(mib) / 4096).Run(), 0);
        Assert.Equal(16, areas.Count);
        Assert.Equal(areas.OrderBy(static a => a.Offset), areas);
        Assert.Contains((mib * M, 1027UL * 4096), areas);
    }

    [Fact]
    public void PamtInAHoleWarnsOnce()
    {
        // alloc_contig_pages() never returns such pages; the comparison of areas only warns.
        var run = WithRam((At(32), At(64), 0), (At(96), At(128), 0)).WithPamtsAt(At(70) / 4096).Run();
        Assert.Equal((0, 1), (run.Enabled(), run.Trace.Warnings));
    }

    [Fact]
    public void MemoryBelowOneMibAloneIsNoMemory()
    {
        // One TDMR of size 0 without node, whose PAMT of no pages can't be allocated.
        var run = WithRam((0, 640 * K, 0)).WithPamts(PamtPlacement.FirstFit).Run();
        Assert.Equal(-12, run.Enabled());
        var line = run.Trace.Line(KernelLine.NoLocalNode);
        Assert.Equal((0UL, 0UL), (line.Log.First, line.Log.Second));
        var pamt = Assert.Single(run.Trace.Allocations(AllocationSite.Pamt));
        Assert.Equal((0UL, 0), (pamt.Allocation.Amount, pamt.Allocation.Nid));
    }

    // The header is padded to 512 bytes, 16 areas of 16 bytes go on top, the whole is rounded to 512.
    [Fact]
    public void BufferHoldsOneKibATdmr() =>
        Assert.Equal(64 * K, Assert.Single(WithRam((4 * G, 5 * G, 0)).Run().Trace.Allocations(AllocationSite.TdmrBuffer)).Allocation.Amount);

    [Theory]
    [InlineData(1, 512)]
    [InlineData(64, 512)]
    public void AddressArrayIsNeverSmallerThanItsAlignment(int tdmrs, ulong bytes) =>
        Assert.Equal(bytes, Assert.Single(WithRam(EveryOtherGib(tdmrs)).Run().Trace.Allocations(AllocationSite.TdmrPaArray)).Allocation.Amount);

    [Fact]
    public void LimitsOfTheModuleDecide()
    {
        var machine = WithRam(EveryOtherGib(3));
        machine.Scenario.Machine.Limits = new(2, 16, 16, 16, 16);
        Assert.Equal(-28, machine.Run().Enabled());
        machine.Scenario.Machine.Limits = new(3, 2, 16, 16, 16);
        Assert.Equal(0, machine.Run().Enabled());
    }

    [Fact]
    public void EntrySizeOfTheModuleDecidesThePamt()
    {
        var machine = WithRam((4 * G, 5 * G, 0));
        machine.Scenario.Machine.Limits = new(64, 16, 32, 16, 8);
        var tdmr = Assert.Single(machine.Run().Tdmrs.Tdmrs);
        Assert.Equal((8 * M, 8 * K, 4 * K), (tdmr.PamtSize(PamtLevel.Level4K), tdmr.PamtSize(PamtLevel.Level2M), tdmr.PamtSize(PamtLevel.Level1G)));
    }

    private static ulong At(ulong mib) => (4 * G) + (mib * M);

    private static (ulong Start, ulong End, int Nid)[] EveryOtherGib(int count) =>
        [.. Enumerable.Range(2, count).Select(static i => (2UL * (ulong)i * G, (2UL * (ulong)i * G) + M, 0))];

    /// <summary>Islands of 16 MiB from 4G + 32 MiB on, 32 MiB apart: one hole more than islands.</summary>
    private static (ulong Start, ulong End, int Nid)[] Islands(int count) =>
        [.. Enumerable.Range(1, count).Select(static i => (At(32 * (ulong)i), At((32 * (ulong)i) + 16), 0))];

    private static List<(ulong Base, ulong Size)> Tdmrs(ModelHost run) => [.. run.Tdmrs.Tdmrs.Select(static t => (t.Base, t.Size))];

    private static List<(ulong Offset, ulong Size)> Areas(ModelHost run, int tdmr) =>
        [.. run.Tdmrs.Tdmrs[tdmr].Reserved.Select(static (ReservedArea a) => (a.Offset, a.Size))];
}
