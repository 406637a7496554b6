// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

public sealed class BootFlowTests
{
    private const ulong OneGib = 0x4000_0000;
    private readonly Machine _machine = new();
    private readonly MemblockTable _memblock = new();
    private readonly BootFlow _flow = new();

    private static PfnRange P(ulong start, ulong end, int nid) => new(start, end, nid);

    private void Map(ulong start, ulong end, E820Type type = E820Type.Ram) => _machine.E820.Add(new E820Entry(start, end - start, type));

    private void Change(E820ChangeKind kind, ulong start, ulong end, E820Type from, E820Type to) =>
        _machine.E820Changes.Add(new E820Change(kind, start, end - start, from, to));

    private BootResult Boot() => _flow.Run(_machine, _memblock);

    [Fact]
    public void MachineWithoutSratIsOneNode()
    {
        Map(0x100000, OneGib);
        var result = Boot();
        Assert.Equal([P(0x100, 0x40000, 0)], result.EarlyRanges);
        Assert.Equal((NodeSource.SingleNode, 0x40000UL), (result.Nodes, result.MaxPfn));
    }

    /*
     *  0    1000            a0000      100000
     *  |res.|------ RAM ------|  gone  |------ RAM
     */
    [Fact]
    public void PageZeroAndTheBiosAreaAreNoRam()
    {
        Map(0, OneGib);
        Assert.Equal([P(1, 0xa0, 0), P(0x100, 0x40000, 0)], Boot().EarlyRanges);
    }

    [Fact]
    public void FirstMibIsReservedAndStaysMemory()
    {
        Map(0, OneGib);
        Boot();
        Assert.Equal(0x1000UL, _memblock.Memory[0].Base);
        Assert.True(MemblockTable.Overlaps(_memblock.Reserved, 0, 1));
        Assert.True(MemblockTable.Overlaps(_memblock.Reserved, 0xfffff, 1));
        Assert.False(MemblockTable.Overlaps(_memblock.Reserved, 0x100000, OneGib));
    }

    [Fact]
    public void RamIsRoundedInwardAfterTouchingEntriesWereJoined()
    {
        Map(0x100800, 0x180800);
        Map(0x180800, 0x200400);
        Map(0x200400, 0x300000, E820Type.Reserved);
        Assert.Equal([P(0x101, 0x200, 0)], Boot().EarlyRanges);
    }

    [Fact]
    public void SetupDataInsideRamLeavesNoTrace()
    {
        Map(0x100000, OneGib);
        Change(E820ChangeKind.Update, 0x150010, 0x150210, E820Type.Ram, E820Type.ReservedKern);
        Assert.Equal([P(0x100, 0x40000, 0)], Boot().EarlyRanges);
        Assert.Equal(3, BootFlow.BuildE820(_machine).Entries.Count);
    }

    [Fact]
    public void ChangesOfTheKernelCutRam()
    {
        Map(0x100000, OneGib);
        Change(E820ChangeKind.Update, 0x200000, 0x201000, E820Type.Ram, E820Type.Reserved);
        Change(E820ChangeKind.Remove, 0x3000_0000, OneGib, E820Type.Ram, E820Type.None);
        var result = Boot();
        Assert.Equal([P(0x100, 0x200, 0), P(0x201, 0x30000, 0)], result.EarlyRanges);
        Assert.Equal(0x30000UL, result.MaxPfn);
    }

    [Fact]
    public void AcpiTablesRaiseMaxPfnButAreNoMemory()
    {
        Map(0x100000, OneGib);
        Map(OneGib, OneGib + 0x10000, E820Type.Acpi);
        var result = Boot();
        Assert.Equal([P(0x100, 0x40000, 0)], result.EarlyRanges);
        Assert.Equal(0x40010UL, result.MaxPfn);
    }

    [Fact]
    public void SoftReservedIsReservedAndNoMemory()
    {
        Map(0x100000, OneGib);
        Map(OneGib, 2 * OneGib, E820Type.SoftReserved);
        Assert.Equal([P(0x100, 0x40000, 0)], Boot().EarlyRanges);
        Assert.True(MemblockTable.Overlaps(_memblock.Reserved, OneGib, 1));
        Assert.True(MemblockTable.Overlaps(_memblock.Reserved, (2 * OneGib) - 1, 1));
    }

    [Fact]
    public void MemoryWordsOfTheCommandLineApply()
    {
        Map(0x100000, OneGib);
        _machine.Options = BootOptions.None with { MemoryWords = "mem=512M memmap=1M$16M" };
        Assert.Equal([P(0x100, 0x1000, 0), P(0x1100, 0x20000, 0)], Boot().EarlyRanges);
    }

    // e820__finish_early_params() panics when the table that the user made cannot be sanitised.
    [Theory]
    [InlineData("memmap=exactmap,1G@1M")]
    [InlineData("memmap=8K$0xfffffffffffff000")]
    public void UserMapThatCannotBeSanitisedPanics(string words)
    {
        Map(0x100000, OneGib);
        _machine.Options = BootOptions.None with { MemoryWords = words };
        Assert.Equal("Invalid user supplied memory map", Assert.Throws<KernelPanicException>(Boot).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void MirroredRangesSplitOnlyWithKernelcoreMirror(bool option)
    {
        Map(0x100000, OneGib);
        _machine.Mirrored.Add(new AddressRange(0x2000_0000, 0x3000_0000));
        _machine.Options = BootOptions.None with { KernelcoreMirror = option };
        Assert.Equal(
            option ? [P(0x100, 0x20000, 0), P(0x20000, 0x30000, 0), P(0x30000, 0x40000, 0)] : [P(0x100, 0x40000, 0)],
            Boot().EarlyRanges);
        Assert.Equal(option ? MemblockFlags.Mirror : MemblockFlags.None, _memblock.Memory[option ? 1 : 0].Flags);
    }

    // The array of more than 128 regions must lie below 1 MiB while memblock is filled.
    [Fact]
    public void LargeMapGrowsTheArrayBelowOneMib()
    {
        Map(0, 0xa0000);
        for (ulong i = 0; i < 200; i++)
        {
            Map(0x100000 + (i * 0x4000), 0x102000 + (i * 0x4000));
        }

        Assert.Equal(201, Boot().EarlyRanges.Count);
        Assert.Equal(256, _memblock.Memory.Max);
        Assert.False(MemblockTable.Overlaps(_memblock.Reserved, 0x100000, ulong.MaxValue));
    }

    // Nothing below 1 MiB can hold the array, and nobody looks at what memblock_add() returns.
    [Fact]
    public void RamThatFindsNoSlotIsLost()
    {
        for (ulong i = 0; i < 130; i++)
        {
            Map(0x100000 + (i * 0x4000), 0x102000 + (i * 0x4000));
        }

        Assert.Equal(128, Boot().EarlyRanges.Count);
    }

    [Fact]
    public void MemblockCallsAfterBootAreMade()
    {
        Map(0x100000, OneGib);
        _machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Remove, 0x200000, 0x1000, PfnRange.MaxNumnodes, 0));
        Assert.Equal([P(0x100, 0x200, 0), P(0x201, 0x40000, 0)], Boot().EarlyRanges);
    }

    [Fact]
    public void MemblockCallsStandForAMachineWithoutAMap()
    {
        _machine.MemblockCalls.AddRange(
        [
            new MemblockCall(MemblockCallKind.Add, 0x100000, 0x300000, 1, 0),
            new MemblockCall(MemblockCallKind.SetNode, 0x200000, 0x100000, 2, 0),
            new MemblockCall(MemblockCallKind.MarkNomap, 0x100000, 0x100000, PfnRange.MaxNumnodes, 0),
            new MemblockCall(MemblockCallKind.Add, 0x400800, 0x2000, 1, 0),
            new MemblockCall(MemblockCallKind.Trim, 0, 0x1000, PfnRange.MaxNumnodes, 0),
        ]);
        var result = Boot();
        Assert.Equal([P(0x100, 0x200, 1), P(0x200, 0x300, 2), P(0x300, 0x400, 1), P(0x401, 0x402, 1)], result.EarlyRanges);
        Assert.Equal((NodeSource.MemblockCalls, 0x402UL), (result.Nodes, result.MaxPfn));
    }

    [Fact]
    public void SecondBootForgetsTheFirst()
    {
        Map(0x100000, OneGib);
        var first = Boot().EarlyRanges.ToArray();
        Assert.Equal(first, Boot().EarlyRanges);
    }
}
