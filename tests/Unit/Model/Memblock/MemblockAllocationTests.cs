// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

/// <summary>What memblock answers: allocations before slab is up, and whether ranges overlap.</summary>
public sealed class MemblockAllocationTests
{
    private readonly MemblockTable _table = new() { Growth = ArrayGrowth.FromMemblock };

    /*
     *  memory    |---------node 0---------|---------node 1---------|
     *            1M                       2M                       3M
     */
    public MemblockAllocationTests()
    {
        _table.AddNode(0x100000, 0x100000, 0, MemblockFlags.None);
        _table.AddNode(0x200000, 0x100000, 1, MemblockFlags.None);
    }

    [Fact]
    public void TheHighestRoomIsTaken()
    {
        Assert.Equal(0x2ff000UL, Take(MemblockCallKind.PhysAlloc, 0x1000));
        Assert.Equal(0x2fe000UL, Take(MemblockCallKind.PhysAlloc, 0x1000));
    }

    [Fact]
    public void BottomUpTakesTheLowest()
    {
        _table.BottomUp = true;
        Assert.Equal(0x100000UL, Take(MemblockCallKind.Alloc, 0x1000));
        Assert.Equal(0x102000UL, Take(MemblockCallKind.Alloc, 0x1000, alignment: 0x2000));
    }

    [Theory]
    [InlineData(MemblockCallKind.Alloc, 0, 0x1ff000)]
    [InlineData(MemblockCallKind.AllocExact, 0, 0x1ff000)]
    [InlineData(MemblockCallKind.PhysAlloc, 0, 0x2ff000)]
    [InlineData(MemblockCallKind.Alloc, 2, 0x2ff000)]
    [InlineData(MemblockCallKind.AllocExact, 2, 0)]
    public void ANodeIsAWishUnlessItIsExact(MemblockCallKind kind, int nid, ulong expected) =>
        Assert.Equal(expected, Take(kind, 0x1000, nid: nid));

    [Fact]
    public void ALowerBoundIsAWishOfAllocAlone()
    {
        Assert.Equal(0x2ff000UL, Take(MemblockCallKind.Alloc, 0x1000, from: 0x300000, limit: 0x400000));
        Assert.Equal(0UL, Take(MemblockCallKind.PhysAlloc, 0x1000, from: 0x300000, limit: 0x400000));
    }

    [Fact]
    public void TheCurrentLimitBoundsWhatNamesNone()
    {
        _table.CurrentLimit = 0x180000;
        Assert.Equal(0x17f000UL, Take(MemblockCallKind.Alloc, 0x1000));
        Assert.Equal(0x17e000UL, Take(MemblockCallKind.Alloc, 0x1000, limit: 0x200000));
        Assert.Equal(0x1ff000UL, Take(MemblockCallKind.PhysAlloc, 0x1000, limit: 0x200000));
    }

    [Fact]
    public void AnAllocationNeverSpansTwoNodes() => Assert.Equal(0UL, Take(MemblockCallKind.PhysAlloc, 0x101000));

    [Fact]
    public void WithoutAlignmentItIsACacheLine() => Assert.Equal(0x2fffc0UL, Take(MemblockCallKind.PhysAlloc, 1, alignment: 0));

    [Fact]
    public void MirroredMemoryComesFirst()
    {
        _table.MirroredKernelcore = true;
        _table.MarkMirror(0x100000, 0x1000);
        Assert.Equal(0x100000UL, Take(MemblockCallKind.PhysAlloc, 0x1000));
        Assert.Equal(0x2ff000UL, Take(MemblockCallKind.PhysAlloc, 0x1000));
    }

    [Fact]
    public void WhatIsTakenIsReserved()
    {
        Take(MemblockCallKind.PhysAlloc, 0x2000);
        Assert.Equal(new MemblockRegion(0x2fe000, 0x2000, MemblockFlags.None, PfnRange.MaxNumnodes), _table.Reserved[0]);
    }

    [Fact]
    public void NewerKernelsNoteTheNode()
    {
        _table.MarksReservations = true;
        Take(MemblockCallKind.AllocExact, 0x2000, nid: 1);
        Assert.Equal(new MemblockRegion(0x2fe000, 0x2000, MemblockFlags.ReservedKern, 1), _table.Reserved[0]);
    }

    [Fact]
    public void BehindSlabMemblockGivesNothing()
    {
        _table.Growth = ArrayGrowth.FromSlab;
        Assert.Equal(0UL, Take(MemblockCallKind.Alloc, 0x1000));
    }

    [Theory]
    [InlineData(MemblockCallKind.Overlaps, 0x0ff000, 0x1000, 0)]
    [InlineData(MemblockCallKind.Overlaps, 0x0ff000, 0x1001, 1)]
    [InlineData(MemblockCallKind.Overlaps, 0x300000, 0x1000, 0)]
    [InlineData(MemblockCallKind.OverlapsReserved, 0x100000, 0x1000, 0)]
    [InlineData(MemblockCallKind.OverlapsReserved, 0x180000, 0x1000, 1)]
    public void ARangeOverlapsWhatIsInAList(MemblockCallKind kind, ulong start, ulong size, ulong expected)
    {
        _table.Reserve(0x180000, 0x1000);
        Assert.Equal(expected, Answer(new MemblockCall(kind, start, size, 0, 0)));
    }

    private ulong Take(
        MemblockCallKind kind, ulong size, ulong from = 0, ulong limit = 0, ulong alignment = 0x1000, int nid = PfnRange.NoNode) =>
        Answer(new MemblockCall(kind, from, size, nid, 0, limit, alignment));

    private ulong Answer(in MemblockCall call)
    {
        _table.Answer(call);
        var snapshot = new Snapshot();
        _table.Capture(snapshot);
        return snapshot.Answers[^1];
    }
}
