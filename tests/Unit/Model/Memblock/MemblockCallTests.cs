// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

/// <summary>Every memblock call that a machine lists reaches the function of its name.</summary>
public sealed class MemblockCallTests
{
    private const int None = PfnRange.MaxNumnodes;
    private readonly Machine _machine = new();
    private readonly MemblockTable _memblock = new();

    private MemblockRegion[] Memory => _memblock.Memory.Regions.ToArray();

    private static MemblockRegion M(ulong start, ulong end, MemblockFlags flags = MemblockFlags.None) => new(start, end - start, flags, None);

    private void Call(MemblockCallKind kind, ulong start, ulong end) => BootFlow.Apply(new MemblockCall(kind, start, end - start, None, 0), _memblock);

    private BootResult Boot(params MemblockCall[] calls)
    {
        _machine.MemblockCalls.AddRange(calls);
        return new BootFlow().Run(_machine, _memblock);
    }

    [Fact]
    public void ReserveAndFreeChangeWhatIsReserved()
    {
        Call(MemblockCallKind.Reserve, 0x1000, 0x4000);
        Call(MemblockCallKind.Free, 0x2000, 0x3000);
        Assert.Equal([M(0x1000, 0x2000), M(0x3000, 0x4000)], _memblock.Reserved.Regions.ToArray());
        Assert.Empty(Memory);
    }

    [Theory]
    [InlineData(MemblockCallKind.MarkHotplug, MemblockCallKind.ClearHotplug, MemblockFlags.Hotplug)]
    [InlineData(MemblockCallKind.MarkNomap, MemblockCallKind.ClearNomap, MemblockFlags.Nomap)]
    public void AMarkIsSetAndClearedAgain(MemblockCallKind mark, MemblockCallKind clear, MemblockFlags flag)
    {
        Call(MemblockCallKind.Add, 0x1000, 0x5000);
        Call(mark, 0x2000, 0x4000);
        Assert.Equal([M(0x1000, 0x2000), M(0x2000, 0x4000, flag), M(0x4000, 0x5000)], Memory);
        Call(clear, 0x3000, 0x4000);
        Assert.Equal([M(0x1000, 0x2000), M(0x2000, 0x3000, flag), M(0x3000, 0x5000)], Memory);
    }

    [Fact]
    public void MirrorIsMarkedWithKernelcoreMirror()
    {
        _memblock.MirroredKernelcore = true;
        Call(MemblockCallKind.Add, 0x1000, 0x3000);
        Call(MemblockCallKind.MarkMirror, 0x2000, 0x3000);
        Assert.Equal([M(0x1000, 0x2000), M(0x2000, 0x3000, MemblockFlags.Mirror)], Memory);
    }

    [Fact]
    public void TrimRoundsToItsSize()
    {
        Call(MemblockCallKind.Add, 0x1800, 0x5000);
        BootFlow.Apply(new MemblockCall(MemblockCallKind.Trim, 0, 0x2000, None, 0), _memblock);
        Assert.Equal([M(0x2000, 0x4000)], Memory);
    }

    // Two regions in a row without a whole page: the walk must not step over the second.
    [Fact]
    public void TrimDropsEveryRegionThatHoldsNoWholePage()
    {
        Call(MemblockCallKind.Add, 0x1100, 0x1200);
        Call(MemblockCallKind.Add, 0x1300, 0x1400);
        Call(MemblockCallKind.Add, 0x1500, 0x1600);
        Call(MemblockCallKind.Add, 0x3000, 0x4000);
        _memblock.Trim(0x1000);
        Assert.Equal([M(0x3000, 0x4000)], Memory);
    }

    [Fact]
    public void HotplugOfTheSratIsForgottenBehindCallsToo()
    {
        _machine.Srat.Add(new SratEntry(0, 0, 0, 0x10_0000, Hotplug: true, NonVolatile: false));
        var result = Boot(new MemblockCall(MemblockCallKind.Add, 0x1000, 0x4000, None, 0));
        Assert.Equal((NodeSource.Srat, 5UL), (result.Nodes, result.MaxPfn));
        Assert.Equal([new MemblockRegion(0x1000, 0x4000, MemblockFlags.None, 0)], Memory);
    }

    // The one node that is left ends where the last region does.
    [Fact]
    public void CallsWithABadSratAreOneNode()
    {
        _machine.Srat.Add(new SratEntry(0, 0, 0, 0x3000, Hotplug: false, NonVolatile: false));
        _machine.Srat.Add(new SratEntry(1, 1, 0x2000, 0x8000, Hotplug: false, NonVolatile: false));
        var result = Boot(new MemblockCall(MemblockCallKind.Add, 0x1000, 0x4000, None, 0));
        Assert.Equal(NodeSource.SratRejected, result.Nodes);
        Assert.Equal([new PfnRange(1, 5, 0)], result.EarlyRanges);
    }

    [Fact]
    public void OverlappingEntriesAreSettledBeforeTheKernelChangesThem()
    {
        _machine.E820.Add(new E820Entry(0x10_0000, 0x100_0000, E820Type.Ram));
        _machine.E820.Add(new E820Entry(0x40_0000, 0x10_0000, E820Type.Reserved));
        _machine.E820Changes.Add(new E820Change(E820ChangeKind.Update, 0x40_0000, 0x10_0000, E820Type.Ram, E820Type.ReservedKern));
        Assert.Equal([new PfnRange(0x100, 0x400, 0), new PfnRange(0x500, 0x1100, 0)], Boot().EarlyRanges);
    }

    [Fact]
    public void TheMapIsSortedAfterTheBiosAreaIsTakenOut()
    {
        _machine.E820.Add(new E820Entry(0, 0x100_0000, E820Type.Ram));
        Assert.Equal(
            [new E820Entry(0, 0x1000, E820Type.Reserved), new E820Entry(0x1000, 0x9_f000, E820Type.Ram), new E820Entry(0x10_0000, 0xf0_0000, E820Type.Ram)],
            BootFlow.BuildE820(_machine).Entries);
    }

    [Fact]
    public void MemoryIsTrimmedToWholePages()
    {
        _machine.E820.Add(new E820Entry(0x10_0800, 0x1_0000, E820Type.Ram));
        Boot();
        Assert.Equal([new MemblockRegion(0x10_1000, 0xf000, MemblockFlags.None, 0)], Memory);
    }
}
