// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Model;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

public sealed class SratTests
{
    private readonly Machine _machine = new();
    private readonly MemblockTable _memblock = new();

    // RAM from 1 MiB to 1 GiB.
    public SratTests() => Ram(0x100000, 0x4000_0000);

    private static PfnRange P(ulong start, ulong end, int nid) => new(start, end, nid);

    private void Ram(ulong start, ulong end) => _machine.E820.Add(new E820Entry(start, end - start, E820Type.Ram));

    private void Srat(int nid, ulong start, ulong end, bool hotplug = false) =>
        _machine.Srat.Add(new SratEntry(nid, nid, start, end, hotplug, NonVolatile: false));

    private void Expect(NodeSource source, params PfnRange[] ranges) => Expect(KernelPolicy.Merged, source, ranges);

    private void Expect(KernelPolicy rules, NodeSource source, params PfnRange[] ranges)
    {
        var result = new BootFlow(rules).Run(_machine, _memblock);
        Assert.Equal(ranges, result.EarlyRanges);
        Assert.Equal(source, result.Nodes);
    }

    [Fact]
    public void NodesSplitRamAtTheirEdges()
    {
        Srat(1, 0x2000_0000, 0x4000_0000);
        Srat(0, 0, 0x2000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x20000, 0), P(0x20000, 0x40000, 1));
    }

    // Before 7.3 numa_add_memblk() ignored a node that can't be; since then it ends the SRAT.
    [Fact]
    public void ANodeThatCanNotBeIsIgnoredOrEndsTheSrat()
    {
        Srat(0, 0, 0x2000_0000);
        Srat(1, 0x2000_0000, 0x4000_0000);
        Srat(PfnRange.MaxNumnodes, 0x8000_0000, 0x9000_0000);
        Expect(KernelPolicy.Merged, NodeSource.Srat, P(0x100, 0x20000, 0), P(0x20000, 0x40000, 1));
        Expect(new KernelPolicy { RejectsBadNode = true }, NodeSource.SratRejected, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void PageCutByANodeEdgeVanishes()
    {
        Srat(0, 0, 0x2000_0800);
        Srat(1, 0x2000_0800, 0x4000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x20000, 0), P(0x20001, 0x40000, 1));
    }

    /*
     *  SRAT  |--- 0 ---|          |--- 0 ---|
     *  RAM   |------------------------------|
     */
    [Fact]
    public void NodeIsJoinedOverAGapThatIsNobodysElse()
    {
        Srat(0, 0, 0x1000_0000);
        Srat(0, 0x2000_0000, 0x4000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x40000, 0));
    }

    /*
     *  SRAT  |-- 0 --|    |1|    |-- 0 --|      the gaps have no node, 224 MiB in all
     *  RAM   |---------------------------|
     */
    [Fact]
    public void NodeIsNotJoinedOverAnotherNode()
    {
        Srat(0, 0, 0x1000_0000);
        Srat(1, 0x1800_0000, 0x1a00_0000);
        Srat(0, 0x2000_0000, 0x4000_0000);
        Expect(NodeSource.SratIncomplete, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void InterleavedNodesKeepTheirPieces()
    {
        Srat(0, 0, 0x1000_0000);
        Srat(1, 0x1000_0000, 0x2000_0000);
        Srat(0, 0x2000_0000, 0x3000_0000);
        Srat(1, 0x3000_0000, 0x4000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x10000, 0), P(0x10000, 0x20000, 1), P(0x20000, 0x30000, 0), P(0x30000, 0x40000, 1));
    }

    [Fact]
    public void OverlapOfTwoNodesMakesOneNode()
    {
        Srat(0, 0, 0x2000_1000);
        Srat(1, 0x2000_0000, 0x4000_0000);
        Expect(NodeSource.SratRejected, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void OverlapOutsideRamDoesNotMatter()
    {
        Srat(0, 0, 0x4000_0000);
        Srat(1, 0x8000_0000, 0xc000_0000);
        Srat(2, 0x8000_0000, 0xc000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void NodeMayOverlapItself()
    {
        Srat(3, 0, 0x2000_1000);
        Srat(3, 0x2000_0000, 0x4000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x40000, 3));
    }

    [Fact]
    public void OneMibWithoutANodeIsToleratedAndStaysWithout()
    {
        Srat(0, 0, 0x2000_0000);
        Srat(1, 0x2000_0000, 0x3ff0_0000);
        Expect(NodeSource.Srat, P(0x100, 0x20000, 0), P(0x20000, 0x3ff00, 1), P(0x3ff00, 0x40000, PfnRange.NoNode));
    }

    [Fact]
    public void OnePageMoreThanAMibWithoutANodeMakesOneNode()
    {
        Srat(0, 0, 0x2000_0000);
        Srat(1, 0x2000_0000, 0x3fef_f000);
        Expect(NodeSource.SratIncomplete, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void EmptyEntriesAreIgnored()
    {
        Srat(1, 0x1000_0000, 0x1000_0000);
        Srat(0, 0, 0x4000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void MoreThanTwoBlocksANodeGiveTheSratUp()
    {
        for (ulong i = 0; i < 2048; i++)
        {
            Srat(5, i * 0x80000, (i + 1) * 0x80000);
        }

        Expect(NodeSource.Srat, P(0x100, 0x40000, 5));
        Srat(5, 0x4000_0000, 0x5000_0000);
        Expect(NodeSource.SratRejected, P(0x100, 0x40000, 0));
    }

    /*
     *  SRAT   |---- 0 ----|-- 1 hotplug --|-- 1 --|
     *  early  |---- 0 ----|------ 1 ------|-- 1 --|
     *  final  |---- 0 ----|---------- 1 ----------|
     */
    [Fact]
    public void HotplugSplitsEarlyRangesButNotTheFinalMemory()
    {
        Srat(0, 0, 0x2000_0000);
        Srat(1, 0x2000_0000, 0x3000_0000, hotplug: true);
        Srat(1, 0x3000_0000, 0x4000_0000);
        Expect(NodeSource.Srat, P(0x100, 0x20000, 0), P(0x20000, 0x30000, 1), P(0x30000, 0x40000, 1));
        Assert.Equal([P(0x100, 0x20000, 0), P(0x20000, 0x40000, 1)], PfnRangeList.Of(_memblock));
        Assert.Equal(MemblockFlags.None, _memblock.Memory[1].Flags);
    }

    // Memory below 1 MiB is reserved, so its node holds kernel memory.
    [Fact]
    public void NodeOfReservedMemoryIsNotHotplugged()
    {
        Ram(0, 0xa0000);
        Srat(0, 0, 0x2000_0000);
        Srat(0, 0x2000_0000, 0x4000_0000, hotplug: true);
        Expect(NodeSource.Srat, P(1, 0xa0, 0), P(0x100, 0x40000, 0));
    }

    [Fact]
    public void HotplugOfAGivenUpSratIsForgotten()
    {
        Srat(0, 0, 0x3000_0000);
        Srat(1, 0x2000_0000, 0x4000_0000, hotplug: true);
        Expect(NodeSource.SratRejected, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void HotplugWindowWithoutMemoryChangesNothing()
    {
        Srat(0, 0, 0x4000_0000);
        Srat(1, 0x4000_0000, 0x40_0000_0000, hotplug: true);
        Expect(NodeSource.Srat, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void NumaOffIgnoresTheSrat()
    {
        Srat(1, 0, 0x4000_0000);
        _machine.Options = BootOptions.None with { NumaOff = true };
        Expect(NodeSource.TurnedOff, P(0x100, 0x40000, 0));
    }

    [Fact]
    public void AcpiOffLeavesNoSrat()
    {
        Srat(1, 0, 0x4000_0000);
        _machine.Options = BootOptions.None with { AcpiOff = true };
        Expect(NodeSource.SingleNode, P(0x100, 0x40000, 0));
    }
}
