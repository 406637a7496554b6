// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/*
 *  page frames   1      a0     100          180            200        204
 *  memory        |--0---|       |-----1------|     |---0----|--1--|
 */
/// <summary>The walk from memblock to entries of the list.</summary>
public sealed class MemlistBuildTests
{
    private readonly MemblockTable _memblock = new();

    private static PfnRange P(ulong start, ulong end, int nid) => new(start, end, nid);

    private void Ram(ulong first, ulong end, int nid) => _memblock.AddNode(first << 12, (end - first) << 12, nid, MemblockFlags.None);

    private PfnRange[] Build()
    {
        var entries = new PfnRange[8];
        return entries[..MemlistBuild.Collect(_memblock.Memory.Regions, entries)];
    }

    private void FourRanges()
    {
        Ram(1, 0xa0, 0);
        Ram(0x100, 0x180, 1);
        Ram(0x1f0, 0x200, 0);
        Ram(0x200, 0x204, 1);
    }

    [Fact]
    public void TouchingRangesOfTwoNodesStayApart()
    {
        FourRanges();
        Assert.Equal([P(0x100, 0x180, 1), P(0x1f0, 0x200, 0), P(0x200, 0x204, 1)], Build());
    }

    [Fact]
    public void WhatReachesOverTheFirstMibIsCut()
    {
        Ram(0x80, 0x180, 2);
        Assert.Equal([P(0x100, 0x180, 2)], Build());
    }

    [Fact]
    public void WhatEndsAtTheFirstMibLeavesNothing()
    {
        Ram(0x80, 0x100, 2);
        Assert.Empty(Build());
    }

    [Fact]
    public void OnlyWholePagesCount()
    {
        _memblock.AddNode(0x100800, 0x1000, 0, MemblockFlags.None);
        _memblock.AddNode(0x200800, 0x1800, 0, MemblockFlags.None);
        Assert.Equal([P(0x201, 0x202, 0)], Build());
    }

    [Fact]
    public void TooFewEntriesAreRefused()
    {
        FourRanges();
        var problem = Assert.Throws<ArgumentException>(() => MemlistBuild.Collect(_memblock.Memory.Regions, new PfnRange[3]));
        Assert.StartsWith("as many entries as regions are needed", problem.Message, StringComparison.Ordinal);
    }
}
