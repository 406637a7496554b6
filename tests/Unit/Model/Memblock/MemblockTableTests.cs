// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

public sealed class MemblockTableTests
{
    private const int None = PfnRange.MaxNumnodes;
    private readonly MemblockTable _table = new();

    private MemblockRegion[] Memory => _table.Memory.Regions.ToArray();

    private static MemblockRegion M(ulong start, ulong end, int nid = None, MemblockFlags flags = MemblockFlags.None) =>
        new(start, end - start, flags, nid);

    [Fact]
    public void AddNeverCoversTheLastByteOfTheAddressSpace()
    {
        _table.Add(0xffff_ffff_ffff_e000, 0x10000);
        Assert.Equal([new MemblockRegion(0xffff_ffff_ffff_e000, 0x1fff, MemblockFlags.None, None)], Memory);
    }

    [Fact]
    public void AddOfNothingSucceedsAndDoesNothing()
    {
        Assert.Equal(MemblockResult.Ok, _table.Add(0x1000, 0));
        Assert.Equal(MemblockResult.Ok, _table.Add(ulong.MaxValue, 0x1000));
        Assert.Empty(Memory);
    }

    [Fact]
    public void FirstAddTakesRangeNodeAndFlagsAsTheyAre()
    {
        _table.AddNode(0x1800, 0x2001, 3, MemblockFlags.Hotplug);
        Assert.Equal([M(0x1800, 0x3801, 3, MemblockFlags.Hotplug)], Memory);
        Assert.Equal(0x2001UL, _table.Memory.TotalSize);
    }

    /*
     *  old      |-0-|       |-0-|
     *  add  |---------- 1 ----------|
     *  new  |-1-|-0-|---1---|-0-|-1-|
     */
    [Fact]
    public void ExistingRegionsWinOverAddedOnes()
    {
        _table.AddNode(0x2000, 0x1000, 0, MemblockFlags.None);
        _table.AddNode(0x5000, 0x1000, 0, MemblockFlags.None);
        _table.AddNode(0x1000, 0x6000, 1, MemblockFlags.None);
        Assert.Equal([M(0x1000, 0x2000, 1), M(0x2000, 0x3000, 0), M(0x3000, 0x5000, 1), M(0x5000, 0x6000, 0), M(0x6000, 0x7000, 1)], Memory);
        Assert.Equal(0x6000UL, _table.Memory.TotalSize);
    }

    [Theory]
    [InlineData(0, MemblockFlags.None, 0)]
    [InlineData(1, MemblockFlags.None, 1)]
    [InlineData(0, MemblockFlags.Hotplug, 1)]
    [InlineData(1, MemblockFlags.Hotplug, 2)]
    public void PieceInFrontOfAnotherKindWarnsForNodeAndForFlags(int nid, MemblockFlags flags, int warnings)
    {
        _table.AddNode(0x2000, 0x1000, 0, MemblockFlags.None);
        _table.AddNode(0x1000, 0x2000, nid, flags);
        Assert.Equal(warnings, _table.Warnings);
    }

    [Fact]
    public void PieceBehindAnotherKindDoesNotWarn()
    {
        _table.AddNode(0x1000, 0x1000, 0, MemblockFlags.None);
        _table.AddNode(0x1000, 0x2000, 1, MemblockFlags.Hotplug);
        Assert.Equal(0, _table.Warnings);
        Assert.Equal(2, _table.Memory.Count);
    }

    // 2*63+1 fits into 128, 2*64+1 needs a counting pass, and that warns as well.
    [Theory]
    [InlineData(63, 1)]
    [InlineData(64, 2)]
    public void CountingPassWarnsOnceMore(int regions, int warnings)
    {
        for (var i = 0; i < regions; i++)
        {
            _table.AddNode(0x100000 + ((ulong)i * 0x2000), 0x1000, 0, MemblockFlags.None);
        }

        _table.AddNode(0xff000, 0x2000, 1, MemblockFlags.None);
        Assert.Equal(warnings, _table.Warnings);
    }

    [Fact]
    public void AddThatFillsAGapJoinsBothSides()
    {
        _table.Add(0x1000, 0x1000);
        _table.Add(0x3000, 0x1000);
        _table.Add(0x2000, 0x1000);
        Assert.Equal([M(0x1000, 0x4000)], Memory);
    }

    [Fact]
    public void AddThatReachesIntoTheNextRegionJoinsBothSides()
    {
        _table.Add(0x1000, 0x1000);
        _table.Add(0x3000, 0x1000);
        _table.Add(0x2000, 0x1800);
        Assert.Equal([M(0x1000, 0x4000)], Memory);
    }

    [Fact]
    public void AddOverManyRegionsLeavesOne()
    {
        _table.Add(0x1000, 0x1000);
        _table.Add(0x3000, 0x1000);
        _table.Add(0x5000, 0x1000);
        _table.Add(0, 0x7000);
        Assert.Equal([M(0, 0x7000)], Memory);
        Assert.Equal(0x7000UL, _table.Memory.TotalSize);
    }

    [Fact]
    public void TouchingRegionsOfOtherNodesOrFlagsStayApart()
    {
        _table.AddNode(0x1000, 0x1000, 0, MemblockFlags.None);
        _table.AddNode(0x2000, 0x1000, 1, MemblockFlags.None);
        _table.AddNode(0x3000, 0x1000, 1, MemblockFlags.DriverManaged);
        Assert.Equal([M(0x1000, 0x2000, 0), M(0x2000, 0x3000, 1), M(0x3000, 0x4000, 1, MemblockFlags.DriverManaged)], Memory);
    }

    /*
     *  add      |-----------|
     *  remove       |---|
     *  left     |---|   |---|
     */
    [Fact]
    public void RemoveOfTheMiddleSplitsAndAddingItAgainRestores()
    {
        _table.Add(0x1000, 0x3000);
        _table.Remove(0x2000, 0x1000);
        Assert.Equal([M(0x1000, 0x2000), M(0x3000, 0x4000)], Memory);
        Assert.Equal(0x2000UL, _table.Memory.TotalSize);
        _table.Add(0x2000, 0x1000);
        Assert.Equal([M(0x1000, 0x4000)], Memory);
        Assert.Equal(0x3000UL, _table.Memory.TotalSize);
    }

    [Fact]
    public void RemoveCutsAtBytesAndTakesWholeRegionsBetween()
    {
        _table.Add(0x1000, 0x1000);
        _table.Add(0x3000, 0x1000);
        _table.Add(0x5000, 0x1000);
        _table.Remove(0x1801, 0x4000);
        Assert.Equal([M(0x1000, 0x1801), M(0x5801, 0x6000)], Memory);
    }

    [Fact]
    public void RemoveOfEverythingLeavesAnEmptyTable()
    {
        _table.AddNode(0x1000, 0x1000, 1, MemblockFlags.Nomap);
        _table.Remove(0, ulong.MaxValue);
        Assert.Empty(Memory);
        Assert.Equal(0UL, _table.Memory.TotalSize);
        Assert.Equal(new MemblockRegion(0, 0, MemblockFlags.None, None), _table.Memory[0]);
    }

    [Fact]
    public void SetNodeSplitsAtItsEdgesAndJoinsWhatBecameEqual()
    {
        _table.Add(0x1000, 0x4000);
        _table.SetNode(0x2000, 0x1000, _table.Memory, 1);
        Assert.Equal([M(0x1000, 0x2000), M(0x2000, 0x3000, 1), M(0x3000, 0x5000)], Memory);
        _table.SetNode(0, ulong.MaxValue, _table.Memory, 0);
        Assert.Equal([M(0x1000, 0x5000, 0)], Memory);
    }

    [Fact]
    public void SetNodeOutsideAllRegionsChangesNothing()
    {
        _table.Add(0x1000, 0x1000);
        _table.SetNode(0x8000, 0x1000, _table.Memory, 1);
        Assert.Equal([M(0x1000, 0x2000)], Memory);
    }

    [Fact]
    public void SetNodeWorksOnReservedAlone()
    {
        _table.Add(0x1000, 0x2000);
        _table.Reserve(0x1000, 0x2000);
        _table.SetNode(0x2000, 0x1000, _table.Reserved, 2);
        Assert.Equal([M(0x1000, 0x3000)], Memory);
        Assert.Equal([M(0x1000, 0x2000), M(0x2000, 0x3000, 2)], _table.Reserved.Regions.ToArray());
    }

    [Theory]
    [InlineData(MemblockFlags.Hotplug)]
    [InlineData(MemblockFlags.Nomap)]
    public void MarkSplitsAndClearJoinsAgain(MemblockFlags flag)
    {
        var isHotplug = flag == MemblockFlags.Hotplug;
        _table.Add(0x1000, 0x3000);
        Assert.Equal(MemblockResult.Ok, isHotplug ? _table.MarkHotplug(0x2000, 0x1000) : _table.MarkNomap(0x2000, 0x1000));
        Assert.Equal([M(0x1000, 0x2000), M(0x2000, 0x3000, None, flag), M(0x3000, 0x4000)], Memory);
        Assert.Equal(MemblockResult.Ok, isHotplug ? _table.ClearHotplug(0, ulong.MaxValue) : _table.ClearNomap(0, ulong.MaxValue));
        Assert.Equal([M(0x1000, 0x4000)], Memory);
    }

    [Fact]
    public void ClearLeavesOtherFlags()
    {
        _table.AddNode(0x1000, 0x1000, 0, MemblockFlags.Hotplug | MemblockFlags.DriverManaged);
        _table.ClearHotplug(0x1000, 0x1000);
        Assert.Equal([M(0x1000, 0x2000, 0, MemblockFlags.DriverManaged)], Memory);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MirrorIsMarkedOnlyWithKernelcoreMirror(bool option)
    {
        _table.MirroredKernelcore = option;
        _table.Add(0x1000, 0x2000);
        Assert.Equal(MemblockResult.Ok, _table.MarkMirror(0x1000, 0x1000));
        Assert.Equal(option ? [M(0x1000, 0x2000, None, MemblockFlags.Mirror), M(0x2000, 0x3000)] : [M(0x1000, 0x3000)], Memory);
        Assert.Equal(option, _table.HasSomeMirror);
    }

    /*
     *  pages  1  |  2  |  3  |  4  |  8  |
     *  add       .--------------.  |-----|
     *  trim      ..|-----|-----|.  |-----|
     */
    [Fact]
    public void TrimThatShrinksLeavesTheTotalStale()
    {
        _table.Add(0x1800, 0x3000);
        _table.Add(0x8000, 0x1000);
        _table.Trim(0x1000);
        Assert.Equal([M(0x2000, 0x4000), M(0x8000, 0x9000)], Memory);
        Assert.Equal(0x4000UL, _table.Memory.TotalSize);
    }

    [Fact]
    public void TrimDropsWhatHoldsNoWholePageAndSubtractsIt()
    {
        _table.Add(0x1800, 0x1000);
        _table.Add(0x8000, 0x1000);
        _table.Trim(0x1000);
        Assert.Equal([M(0x8000, 0x9000)], Memory);
        Assert.Equal(0x1000UL, _table.Memory.TotalSize);
    }

    /*
     *  bytes  100000      104800          110000
     *         |---- 0 ------|------ 1 ------|
     *  pfn    |100..104)  104  [105..110)       page 0x104 is in neither
     */
    [Fact]
    public void PageCutByANodeEdgeIsInNoPfnRange()
    {
        _table.Add(0x100000, 0x10000);
        _table.SetNode(0x100000, 0x4800, _table.Memory, 0);
        _table.SetNode(0x104800, 0xb800, _table.Memory, 1);
        Assert.Equal([new PfnRange(0x100, 0x104, 0), new PfnRange(0x105, 0x110, 1)], PfnRangeList.Of(_table));
    }

    [Fact]
    public void PfnRangesLeaveOutRegionsWithoutAWholePage()
    {
        _table.Add(0x1800, 0x1000);
        _table.Add(0x4000, 0xfff);
        _table.Add(0x8000, 0x1000);
        Assert.Equal([new PfnRange(8, 9, None)], PfnRangeList.Of(_table));
    }

    [Fact]
    public void PfnRangesIgnoreFlagsButStaySplitByThem()
    {
        _table.AddNode(0x1000, 0x1000, 0, MemblockFlags.Nomap);
        _table.AddNode(0x2000, 0x1000, 0, MemblockFlags.DriverManaged);
        Assert.Equal([new PfnRange(1, 2, 0), new PfnRange(2, 3, 0)], PfnRangeList.Of(_table));
    }

    [Fact]
    public void FreeGivesBackWhatReserveTook()
    {
        _table.Reserve(0x1000, 0x3000);
        _table.Free(0x2000, 0x1000);
        Assert.Equal([M(0x1000, 0x2000), M(0x3000, 0x4000)], _table.Reserved.Regions.ToArray());
    }

    [Theory]
    [InlineData(0x0fff, 1, false)]
    [InlineData(0x1fff, 1, true)]
    [InlineData(0x2000, 1, false)]
    [InlineData(0x0800, 0x8000, true)]
    [InlineData(0x0800, ulong.MaxValue, true)]
    public void TouchingIsNotOverlapping(ulong start, ulong size, bool overlaps)
    {
        _table.Add(0x1000, 0x1000);
        Assert.Equal(overlaps, MemblockTable.Overlaps(_table.Memory, start, size));
    }
}
