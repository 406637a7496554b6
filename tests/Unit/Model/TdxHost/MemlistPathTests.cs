// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/*
 *  page frames   1      a0     100          180            200        204
 *  memory        |--0---|       |-----1------|     |---0----|--1--|
 */
/// <summary>Every way to build the list, as the kernel has it and as planted faults have it.</summary>
public sealed class MemlistPathTests
{
    private readonly MemblockTable _memblock = new();

    private static PfnRange P(ulong start, ulong end, int nid) => new(start, end, nid);

    private void Ram(ulong first, ulong end, int nid) => _memblock.AddNode(first << 12, (end - first) << 12, nid, MemblockFlags.None);

    private PfnRange[] Build(MemlistRules rules)
    {
        var entries = new PfnRange[8];
        return entries[..MemlistPath.Build(_memblock, rules, entries)];
    }

    private void FourRanges()
    {
        Ram(1, 0xa0, 0);
        Ram(0x100, 0x180, 1);
        Ram(0x1f0, 0x200, 0);
        Ram(0x200, 0x204, 1);
    }

    [Fact]
    public void TheShortPathAndTheOneWithRulesAgree()
    {
        FourRanges();
        PfnRange[] expected = [P(0x100, 0x180, 1), P(0x1f0, 0x200, 0), P(0x200, 0x204, 1)];
        Assert.Equal(expected, Build(MemlistRules.Merged));
        var entries = new PfnRange[4];
        Assert.Equal(expected, entries[..MemlistPath.Build(_memblock.Memory.Regions, entries)]);
    }

    [Fact]
    public void BothPathsClipWhatReachesOverTheFirstMib()
    {
        Ram(0x80, 0x180, 2);
        var entries = new PfnRange[1];
        Assert.Equal([P(0x100, 0x180, 2)], Build(MemlistRules.Merged));
        Assert.Equal([P(0x100, 0x180, 2)], entries[..MemlistPath.Build(_memblock.Memory.Regions, entries)]);
    }

    [Fact]
    public void WhatEndsAtTheFirstMibLeavesNothing()
    {
        Ram(0x80, 0x100, 2);
        Assert.Empty(Build(MemlistRules.Merged));
        Assert.Equal(0, MemlistPath.Build(_memblock.Memory.Regions, new PfnRange[1]));
    }

    [Fact]
    public void TooFewEntriesAreRefused()
    {
        FourRanges();
        var problem = Assert.Throws<ArgumentException>(() => MemlistPath.Build(_memblock.Memory.Regions, new PfnRange[3]));
        Assert.StartsWith("as many entries as regions are needed", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFirstMibMayBeKept()
    {
        FourRanges();
        Assert.Equal([P(1, 0xa0, 0), P(0x100, 0x180, 1), P(0x1f0, 0x200, 0), P(0x200, 0x204, 1)], Build(new MemlistRules { FirstMib = FirstMib.Kept }));
    }

    [Theory]
    [InlineData(0xff, 0x180, 1)]
    [InlineData(0x100, 0x180, 2)]
    public void ARangeThatBeginsBelowMayBeSkipped(ulong start, ulong end, int count)
    {
        Ram(start, end, 0);
        Ram(0x200, 0x204, 1);
        var built = Build(new MemlistRules { FirstMib = FirstMib.SkipsRange });
        Assert.Equal((count, P(0x200, 0x204, 1)), (built.Length, built[^1]));
    }

    [Theory]
    [InlineData(0x100, 0)]
    [InlineData(0x101, 2)]
    public void ARangeThatEndsBelowMayEndTheWalk(ulong end, int count)
    {
        Ram(1, end, 0);
        Ram(0x200, 0x204, 1);
        Assert.Equal(count, Build(new MemlistRules { FirstMib = FirstMib.EndsWalk }).Length);
    }

    [Fact]
    public void TheLastPageMayBeDropped()
    {
        Ram(0x100, 0x180, 1);
        Ram(0x200, 0x201, 0);
        Assert.Equal([P(0x100, 0x17f, 1)], Build(new MemlistRules { DropsLastPage = true }));
    }

    [Fact]
    public void NodesMayBeLostAndTheOrderTurned()
    {
        FourRanges();
        Assert.Equal(
            [P(0x200, 0x204, 0), P(0x1f0, 0x200, 0), P(0x100, 0x180, 0)],
            Build(new MemlistRules { LosesNid = true, AddsAtHead = true }));
    }
}
