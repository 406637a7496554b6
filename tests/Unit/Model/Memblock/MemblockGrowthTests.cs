// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

public sealed class MemblockGrowthTests
{
    private const int Full = MemblockType.InitialCapacity;
    private readonly MemblockTable _table = new();

    private (ulong Start, ulong End)[] Reserved => Array.ConvertAll(_table.Reserved.Regions.ToArray(), static r => (r.Base, r.End));

    // Single pages with gaps from 2 MiB on: none of them can hold an array.
    private void FillMemory(int regions)
    {
        while (_table.Memory.Count < regions)
        {
            _table.Add(0x200000 + ((ulong)_table.Memory.Count * 0x2000), 0x1000);
        }
    }

    [Fact]
    public void ArrayHoldsAllItsSlotsBeforeItGrows()
    {
        _table.Growth = ArrayGrowth.Forbidden;
        FillMemory(Full);
        Assert.Equal((Full, Full), (_table.Memory.Count, _table.Memory.Max));
    }

    [Fact]
    public void GrowingBeforeItIsAllowedPanics()
    {
        FillMemory(Full);
        var panic = Assert.Throws<KernelPanicException>(() => _table.Add(0x100000, 0x1000));
        Assert.Equal("memblock: cannot resize memory array", panic.Message);
    }

    [Fact]
    public void AddOfWhatIsThereNeedsNoSlot()
    {
        FillMemory(Full);
        Assert.Equal(MemblockResult.Ok, _table.Add(0x200000, 0x1000));
    }

    [Fact]
    public void SlabArraysDoubleAndReserveNothing()
    {
        _table.Growth = ArrayGrowth.FromSlab;
        FillMemory(Full + 1);
        Assert.Equal((Full + 1, 2 * Full), (_table.Memory.Count, _table.Memory.Max));
        Assert.Empty(Reserved);
    }

    [Fact]
    public void AddInsertsNothingWhenDoublingFails()
    {
        (_table.Growth, _table.FailingArray) = (ArrayGrowth.FromSlab, 1);
        FillMemory(Full);
        var before = _table.Memory.Regions.ToArray();
        Assert.Equal(MemblockResult.NoMemory, _table.Add(0x100000, 0x800000));
        Assert.Equal(MemblockResult.NoMemory, _table.LastError);
        Assert.Equal(before, _table.Memory.Regions.ToArray());
        Assert.Equal(Full, _table.Memory.Max);
    }

    // Isolating wants two spare slots, whether it splits or not.
    [Theory]
    [InlineData(Full - 2, MemblockResult.Ok)]
    [InlineData(Full - 1, MemblockResult.NoMemory)]
    public void SetNodeAndRemoveWantTwoSpareSlots(int regions, MemblockResult expected)
    {
        (_table.Growth, _table.FailingArray) = (ArrayGrowth.FromSlab, 1);
        FillMemory(regions);
        Assert.Equal(expected, _table.SetNode(0x200000, 0x1000, _table.Memory, 1));
        Assert.Equal(expected == MemblockResult.Ok ? 1 : PfnRange.MaxNumnodes, _table.Memory[0].Nid);
        _table.FailingArray = 2;
        Assert.Equal(expected, _table.Remove(0x200000, 0x1000));
        Assert.Equal(expected == MemblockResult.Ok ? regions - 1 : regions, _table.Memory.Count);
    }

    /*
     *  memory    |------------- 64K -------------|  |page| |page| ...
     *  array                               |--8K-|
     */
    [Fact]
    public void EarlyArrayIsReservedAtTheHighestPlaceThatHoldsIt()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0x100000, 0x10000);
        FillMemory(Full + 1);
        Assert.Equal((Full + 1, 2 * Full), (_table.Memory.Count, _table.Memory.Max));
        Assert.Equal([(0x10e000UL, 0x110000UL)], Reserved);
    }

    [Fact]
    public void EarlyArrayStaysBelowTheLimit()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.CurrentLimit = 0x107fff;
        _table.Add(0x100000, 0x10000);
        FillMemory(Full + 1);
        Assert.Equal([(0x105000UL, 0x107000UL)], Reserved);
    }

    [Fact]
    public void EarlyArrayStaysOutOfReservedMemory()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0x100000, 0x10000);
        _table.Reserve(0x10f000, 0x1000);
        FillMemory(Full + 1);
        Assert.Equal([(0x10d000UL, 0x110000UL)], Reserved);
    }

    /*
     *  reserved  |array of 256| |page| |page| ... 256 of them in all
     *  the old array can only be given back with two slots to spare: by then the new one is in use
     */
    [Fact]
    public void AFullArrayOfReservedMemoryMovesOnce()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0x100000, 0x10000);
        for (ulong page = 0; _table.Reserved.Count < (2 * Full) - 1; page++)
        {
            _table.Reserve(0x1000000 + (page * 0x2000), 0x1000);
        }

        Assert.Equal(2 * Full, _table.Reserved.Max);
        _table.Free(0x1000000, 0x1000);
        Assert.Equal(4 * Full, _table.Reserved.Max);
        Assert.Equal((0x10b000UL, 0x10e000UL), Reserved[0]);
    }

    // The range behind it is empty, and 0 as the end of the range before it is MEMBLOCK_ALLOC_ACCESSIBLE.
    [Fact]
    public void AnArrayOfReservedMemoryThatMayNotLieAnywhereLiesAnywhere()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0x100000, 0x10000);
        for (ulong page = 0; page < Full - 1; page++)
        {
            _table.Reserve(0x1000000 + (page * 0x2000), 0x1000);
        }

        Assert.Equal(MemblockResult.Ok, _table.SetNode(0, ulong.MaxValue, _table.Reserved, 0));
        Assert.Equal((0x10e000UL, 0x110000UL), Reserved[0]);
    }

    [Fact]
    public void BottomUpPlacesTheArrayLow()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.BottomUp = true;
        _table.Add(0x100000, 0x10000);
        FillMemory(Full + 1);
        Assert.Equal([(0x100000UL, 0x102000UL)], Reserved);
    }

    [Theory]
    [InlineData(0x2000UL, MemblockResult.NoMemory)]
    [InlineData(0x3000UL, MemblockResult.Ok)]
    public void FirstPageIsNeverGivenAway(ulong end, MemblockResult expected)
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0, end);
        FillMemory(Full);
        Assert.Equal(expected, _table.Add(0x800000, 0x1000));
        Assert.Equal(expected == MemblockResult.Ok ? [(0x1000UL, 0x3000UL)] : [], Reserved);
    }

    [Fact]
    public void MemoryWithoutMappingHoldsNoArray()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.AddNode(0x100000, 0x10000, PfnRange.MaxNumnodes, MemblockFlags.Nomap);
        FillMemory(Full);
        Assert.Equal(MemblockResult.NoMemory, _table.Add(0x800000, 0x1000));
    }

    [Fact]
    public void MirroredMemoryIsPreferredForAnArray()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.MirroredKernelcore = true;
        _table.Add(0x100000, 0x10000);
        _table.MarkMirror(0x104000, 0x4000);
        FillMemory(Full + 1);
        Assert.Equal([(0x106000UL, 0x108000UL)], Reserved);
    }

    /*
     *  memory     |--------------------------------------|
     *  reserved    128 single pages             |--add--|
     *  array                              |-8K-|          above is no room, so right below
     */
    [Fact]
    public void ReservedArrayAvoidsTheAreaThatIsBeingReserved()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0x100000, 0x800000);
        for (var i = 0; i < Full; i++)
        {
            _table.Reserve(0x100000 + ((ulong)i * 0x2000), 0x1000);
        }

        Assert.Equal(MemblockResult.Ok, _table.Reserve(0x8f0000, 0x10000));
        Assert.Equal((Full + 1, 2 * Full), (_table.Reserved.Count, _table.Reserved.Max));
        Assert.Equal((0x8ee000UL, 0x900000UL), Reserved[^1]);
    }

    [Fact]
    public void ReservedArrayPrefersRoomAboveTheArea()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0x100000, 0x800000);
        for (var i = 0; i < Full; i++)
        {
            _table.Reserve(0x100000 + ((ulong)i * 0x2000), 0x1000);
        }

        _table.Reserve(0x300000, 0x10000);
        Assert.Equal([(0x300000UL, 0x310000UL), (0x8fe000UL, 0x900000UL)], Reserved[^2..]);
    }

    // 512 slots of 24 bytes are three pages; the two pages of the array before are freed.
    [Fact]
    public void SecondEarlyArrayFreesTheFirst()
    {
        _table.Growth = ArrayGrowth.FromMemblock;
        _table.Add(0x100000, 0x10000);
        FillMemory((2 * Full) + 1);
        Assert.Equal(4 * Full, _table.Memory.Max);
        Assert.Equal([(0x10b000UL, 0x10e000UL)], Reserved);
    }

    [Fact]
    public void ResetForgetsRegionsCapacityAndModes()
    {
        _table.Growth = ArrayGrowth.FromSlab;
        _table.BottomUp = true;
        FillMemory(Full + 1);
        _table.AddNode(0x1ff000, 0x2000, 1, MemblockFlags.None);
        _table.Reset();
        Assert.Equal((0, Full, 0UL), (_table.Memory.Count, _table.Memory.Max, _table.Memory.TotalSize));
        Assert.Equal((ArrayGrowth.Forbidden, false, 0), (_table.Growth, _table.BottomUp, _table.Warnings));
    }

    [Fact]
    public void AFullArrayIsJoinedInPlace()
    {
        FillMemory(Full - 1);
        Assert.Equal(MemblockResult.Ok, _table.Add(0x201000, 0x1000));
        Assert.Equal((Full - 2, Full), (_table.Memory.Count, _table.Memory.Max));
        Assert.Equal((0x200000UL, 0x203000UL), (_table.Memory[0].Base, _table.Memory[0].End));
    }
}
