// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

/// <summary>Where memblock finds room for an array of its own: 8 KiB of memory that is free.</summary>
public sealed class EarlyArrayTests
{
    private const int Full = MemblockType.InitialCapacity;
    private readonly MemblockTable _table = new() { Growth = ArrayGrowth.FromMemblock };

    private (ulong Start, ulong End)[] Reserved => Array.ConvertAll(_table.Reserved.Regions.ToArray(), static r => (r.Base, r.End));

    // Single pages with gaps from 2 MiB on: none of them can hold the array.
    private void FillMemory()
    {
        while (_table.Memory.Count <= Full)
        {
            _table.Add(0x200000 + ((ulong)_table.Memory.Count * 0x2000), 0x1000);
        }
    }

    /*
     *  memory    |-4K-|    |-8K-|    |----64K----|
     *  array               |-8K-|
     */
    [Fact]
    public void BottomUpTakesTheLowestRoomThatIsLargeEnough()
    {
        _table.BottomUp = true;
        _table.Add(0x100000, 0x1000);
        _table.Add(0x102000, 0x2000);
        _table.Add(0x110000, 0x10000);
        FillMemory();
        Assert.Equal([(0x102000UL, 0x104000UL)], Reserved);
    }

    [Fact]
    public void MirroredMemoryThatIsTooSmallIsPassedOver()
    {
        _table.MirroredKernelcore = true;
        _table.Add(0x100000, 0x10000);
        _table.MarkMirror(0x104000, 0x1000);
        FillMemory();
        Assert.Equal([(0x10e000UL, 0x110000UL)], Reserved);
    }

    // What is reserved behind the end of memory makes no room in front of itself.
    [Fact]
    public void WhatIsReservedOutsideMemoryMakesNoRoom()
    {
        _table.Add(0x100000, 0x4000);
        _table.Reserve(0x180000, 0x1000);
        FillMemory();
        Assert.Equal([(0x102000UL, 0x104000UL), (0x180000UL, 0x181000UL)], Reserved);
    }

    [Theory]
    [InlineData(true, false, 0x10e000)]
    [InlineData(false, false, 0x12e000)]
    [InlineData(true, true, 0)]
    [InlineData(false, true, 0x12e000)]
    public void MovableNodeKeepsTheArrayOutOfHotpluggableMemory(bool movableNode, bool isAllHotplug, ulong expected)
    {
        _table.MovableNode = movableNode;
        _table.Add(0x100000, 0x10000);
        _table.Add(0x120000, 0x10000);
        _table.MarkHotplug(isAllHotplug ? 0x100000UL : 0x120000UL, 0x100000);
        for (var i = _table.Memory.Count; i < Full; i++)
        {
            _table.Add(0x200000 + ((ulong)i * 0x2000), 0x1000);
        }

        Assert.Equal(expected == 0 ? MemblockResult.NoMemory : MemblockResult.Ok, _table.Add(0x800000, 0x1000));
        Assert.Equal(expected == 0 ? [] : [(expected, expected + 0x2000)], Reserved);
    }

    [Fact]
    public void ThePanicNamesTheReservedArray()
    {
        _table.Growth = ArrayGrowth.Forbidden;
        for (ulong i = 0; i < Full; i++)
        {
            _table.Reserve(i * 0x2000, 0x1000);
        }

        var panic = Assert.Throws<KernelPanicException>(() => _table.Reserve(0x800000, 0x1000));
        Assert.Equal("memblock: cannot resize reserved array", panic.Message);
    }

    [Fact]
    public void ResetForgetsMirrorsAndMovableNodes()
    {
        _table.MovableNode = _table.MirroredKernelcore = true;
        _table.Add(0x100000, 0x1000);
        _table.MarkMirror(0x100000, 0x1000);
        Assert.True(_table.HasSomeMirror);
        _table.Reset();
        Assert.Equal((false, false, false), (_table.MovableNode, _table.MirroredKernelcore, _table.HasSomeMirror));
    }

    [Fact]
    public void BottomUpLooksForRoomInsideMemoryOnly()
    {
        _table.BottomUp = true;
        _table.Add(0x100000, 0x1000);
        _table.Add(0x110000, 0x10000);
        _table.Reserve(0x108000, 0x1000);
        FillMemory();
        Assert.Equal([(0x108000UL, 0x109000UL), (0x110000UL, 0x112000UL)], Reserved);
    }

    // Only what is being reserved is avoided, not memory that is being added.
    [Fact]
    public void AnArrayOfMemoryMayLieBelowWhatIsAdded()
    {
        _table.BottomUp = true;
        _table.Add(0x100000, 0x10000);
        _table.Add(0x900000, 0x10000);
        for (var i = _table.Memory.Count; i < Full; i++)
        {
            _table.Add(0x200000 + ((ulong)i * 0x2000), 0x1000);
        }

        Assert.Equal(MemblockResult.Ok, _table.Add(0x800000, 0x1000));
        Assert.Equal([(0x100000UL, 0x102000UL)], Reserved);
    }

    [Fact]
    public void AnArrayFromSlabGivesTheEarlyOneBack()
    {
        _table.Add(0x100000, 0x10000);
        FillMemory();
        Assert.Single(Reserved);
        _table.Growth = ArrayGrowth.FromSlab;
        while (_table.Memory.Count < 2 * Full)
        {
            _table.Add(0x200000 + ((ulong)_table.Memory.Count * 0x2000), 0x1000);
        }

        Assert.Equal(MemblockResult.Ok, _table.Add(0x800000, 0x1000));
        Assert.Equal(4 * Full, _table.Memory.Max);
        Assert.Empty(Reserved);
    }
}
