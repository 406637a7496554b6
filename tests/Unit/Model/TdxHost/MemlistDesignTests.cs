// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/*
 *  page frames   0x100       0x200       0x300       0x400       0x500
 *  memblock      |--- node 0 --|-- node 1 --|          |-- node 0 --|
 */
/// <summary>What designs of the mailing lists take for the list, and what they accept by it.</summary>
public sealed class MemlistDesignTests
{
    private static readonly PfnRange[] Ram = [new(0x100, 0x200, 0), new(0x200, 0x300, 1), new(0x400, 0x500, 0)];

    private readonly MemblockTable _memblock = new();

    private Memlist List(KernelPolicy policy)
    {
        var memlist = new Memlist(new HostEnvironment(new Faults(), new Choices(), new PamtPages(), new Trace()), policy);
        Add(Ram);
        memlist.NoteBoot(_memblock);
        return memlist;
    }

    private void Add(params PfnRange[] ranges)
    {
        foreach (var range in ranges)
            _memblock.AddNode(range.Bytes.Start, range.Bytes.Size, range.Nid, MemblockFlags.None);
    }

    [Fact]
    public void AListOfBootIsBelieved()
    {
        var memlist = List(KernelPolicy.Merged with { Source = ListSource.Boot });
        Add(new PfnRange(0x600, 0x700, 0));
        Assert.Equal(0, memlist.Build(_memblock));
        Assert.Equal(Ram, memlist.Entries.ToArray());
    }

    [Fact]
    public void FlagsOfOneNodeAreJoined()
    {
        _memblock.Growth = ArrayGrowth.FromSlab;
        var memlist = List(KernelPolicy.Merged with { JoinsFlags = true });
        Add(new PfnRange(0x300, 0x400, 0));
        _memblock.MarkKhoScratch(0x180000, 0x40000);
        Assert.Equal(0, memlist.Build(_memblock));
        Assert.Equal([new(0x100, 0x200, 0), new(0x200, 0x300, 1), new(0x300, 0x500, 0)], memlist.Entries.ToArray());
    }

    [Fact]
    public void AListOfManyEntriesIsKept()
    {
        var policy = KernelPolicy.Merged with { Source = ListSource.Boot };
        var many = Enumerable.Range(0, 500).Select(static i => new PfnRange(0x1000 + ((ulong)i * 2), 0x1001 + ((ulong)i * 2), 0)).ToArray();
        _memblock.Growth = ArrayGrowth.FromSlab;
        Add(many);
        var memlist = List(policy);
        Assert.Equal(0, memlist.Build(_memblock));
        Assert.Equal([.. Ram, .. many], memlist.Entries.ToArray());
    }

    [Theory]
    [InlineData(0x600, 0x700, -Errno.Einval)]
    [InlineData(0x500, 0x501, -Errno.Einval)]
    [InlineData(0x3ff, 0x400, -Errno.Einval)]
    [InlineData(0x100, 0x300, 0)]
    [InlineData(0x1, 0x100, 0)]
    public void AListOfBootIsComparedWithMemblock(ulong start, ulong end, int error)
    {
        var memlist = List(KernelPolicy.Merged with { Source = ListSource.Boot, Check = ListCheck.Memblock });
        Add(new PfnRange(start, end, 0));
        Assert.Equal(error, memlist.Build(_memblock));
        Assert.Equal(error == 0 ? 3 : 0, memlist.Entries.Length);
    }

    [Theory]
    [InlineData(0x100, 0x300, 0)]
    [InlineData(0x180, 0x280, 0)]
    [InlineData(0x400, 0x500, 0)]
    [InlineData(0x2ff, 0x301, -Errno.Einval)]
    [InlineData(0x3ff, 0x401, -Errno.Einval)]
    [InlineData(0x600, 0x700, -Errno.Einval)]
    public void AListOfBootIsComparedWithWhatIsOnline(ulong start, ulong end, int error)
    {
        var memlist = List(KernelPolicy.Merged with { Source = ListSource.Boot, Check = ListCheck.OnlineBlocks });

        // What is only added does not count.
        Add(new PfnRange(0x800, 0x900, 0));
        memlist.HasBlocks = true;
        memlist.Online.Add(new PfnRange(start, end, 0));
        Assert.Equal(error, memlist.Build(_memblock));
    }

    [Fact]
    public void WithoutBlocksMemblockCounts()
    {
        var memlist = List(KernelPolicy.Merged with { Source = ListSource.Boot, Check = ListCheck.OnlineBlocks });
        Add(new PfnRange(0x800, 0x900, 0));
        Assert.Equal(-Errno.Einval, memlist.Build(_memblock));
    }

    [Fact]
    public void OnlineBlocksOfANodeThatTouchAreOneEntry()
    {
        var memlist = List(KernelPolicy.Merged with { Source = ListSource.OnlineBlocks });
        memlist.HasBlocks = true;
        memlist.Online.AddRange(
            [new(0x100, 0x180, 0), new(0x180, 0x200, 0), new(0x200, 0x280, 1), new(0x2c0, 0x300, 1), new(0x300, 0x380, 0)]);
        Assert.Equal(0, memlist.Build(_memblock));
        Assert.Equal(
            [new(0x100, 0x200, 0), new(0x200, 0x280, 1), new(0x2c0, 0x300, 1), new PfnRange(0x300, 0x380, 0)], memlist.Entries.ToArray());
    }

    [Fact]
    public void AsManyBlocksAsAreOnlineFit()
    {
        var memlist = List(KernelPolicy.Merged with { Source = ListSource.OnlineBlocks });
        memlist.HasBlocks = true;
        memlist.Online.AddRange(Enumerable.Range(0, 1000).Select(static i => new PfnRange(2 * (ulong)i, (2 * (ulong)i) + 1, 0)));
        Assert.Equal(0, memlist.Build(_memblock));
        Assert.Equal(1000, memlist.Entries.Length);
    }

    [Fact]
    public void OfV82ARangeOutsideEveryCmrLeavesNothing()
    {
        var memlist = List(KernelPolicy.Merged);
        Assert.Equal(-Errno.Einval, memlist.Build(_memblock, [new AddressRange(0x100000, 0x300000)]));
        Assert.Equal(0, memlist.Entries.Length);
    }

    [Theory]
    [InlineData(OnlineTest.InOneEntry, 0x180, 0x100, false)]
    [InlineData(OnlineTest.InOneEntry, 0x280, 0x80, true)]
    [InlineData(OnlineTest.InUnion, 0x180, 0x100, true)]
    [InlineData(OnlineTest.InUnion, 0x100, 0x200, true)]
    [InlineData(OnlineTest.InUnion, 0x100, 0x201, false)]
    [InlineData(OnlineTest.InUnion, 0x200, 0x100, true)]
    [InlineData(OnlineTest.InUnion, 0xff, 2, false)]
    [InlineData(OnlineTest.InUnion, 0x300, 1, false)]
    [InlineData(OnlineTest.InUnion, 0x280, 0x200, false)]
    [InlineData(OnlineTest.InUnion, 0x400, 0x100, true)]
    [InlineData(OnlineTest.Anything, 0x600, 0x100, true)]
    public void WhatMayGoOnlineIsTheDesigns(OnlineTest test, ulong start, ulong pages, bool mayGo)
    {
        var memlist = List(KernelPolicy.Merged);
        Assert.Equal(0, memlist.Build(_memblock));
        Assert.Equal(mayGo ? NotifierVerdict.Ok : NotifierVerdict.Bad, new MemoryNotifier(memlist, test).GoingOnline(start, pages));
    }
}
