// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Model;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

public sealed class NumaFakeTests
{
    private readonly Machine _machine = new();

    private static PfnRange P(ulong start, ulong end, int nid) => new(start, end, nid);

    private void Ram(ulong start, ulong end) => _machine.E820.Add(new E820Entry(start, end - start, E820Type.Ram));

    private void Srat(int nid, ulong start, ulong end) => _machine.Srat.Add(new SratEntry(nid, nid, start, end, Hotplug: false, NonVolatile: false));

    private IReadOnlyList<PfnRange> Boot(string fake, bool numaOff = false, KernelPolicy? rules = null)
    {
        _machine.Options = BootOptions.None with { NumaFake = fake, NumaOff = numaOff };
        return new BootFlow(rules).Run(_machine, new MemblockTable()).EarlyRanges;
    }

    // Half of 1023 MiB is 480 in steps of 32; the first node gets the 32 MiB that the remainders make up.
    [Fact]
    public void NodesGetAnEqualShareAndTheFirstTheRemainder()
    {
        Ram(0x100000, 0x4000_0000);
        Assert.Equal([P(0x100, 0x20100, 0), P(0x20100, 0x40000, 1)], Boot("2"));
    }

    // Before 6.12 the first node begins at 0 and not where DRAM does: the edge lies a page frame count of 1 MiB lower.
    [Fact]
    public void OlderKernelsCountFromZero()
    {
        Ram(0x100000, 0x4000_0000);
        Assert.Equal([P(0x100, 0x20000, 0), P(0x20000, 0x40000, 1)], Boot("2", rules: new KernelPolicy { NodesStartAtZero = true }));
    }

    // A third is 341 MiB, 320 in steps of 32: 352, 320, and what is left.
    [Fact]
    public void LastNodeTakesTheRest()
    {
        Ram(0x100000, 0x4000_0000);
        Assert.Equal([P(0x100, 0x16100, 0), P(0x16100, 0x2a100, 1), P(0x2a100, 0x40000, 2)], Boot("3"));
    }

    [Theory]
    [InlineData("32")]
    [InlineData("256m")]
    [InlineData("0")]
    [InlineData("0M")]
    [InlineData("")]
    [InlineData("U")]
    [InlineData("on")]
    public void SharesBelow32MibAndNonsenseLeaveTheNodes(string fake)
    {
        Ram(0x100000, 0x4000_0000);
        Assert.Equal([P(0x100, 0x40000, 0)], Boot(fake));
    }

    /*
     *  real  |------ 0 ------|------ 1 ------|
     *  fake  |-- 0 --|-- 2 --|-- 1 --|-- 3 --|
     */
    [Fact]
    public void RealNodesTakeTurns()
    {
        Ram(0x4000_0000, 0x8000_0000);
        Srat(0, 0x4000_0000, 0x6000_0000);
        Srat(1, 0x6000_0000, 0x8000_0000);
        Assert.Equal([P(0x40000, 0x50000, 0), P(0x50000, 0x60000, 2), P(0x60000, 0x70000, 1), P(0x70000, 0x80000, 3)], Boot("4"));
    }

    [Fact]
    public void SizedNodesGoOnUntilTheRestIsTooSmallForOneMore()
    {
        Ram(0x100000, 0x4000_0000);
        Assert.Equal([P(0x100, 0x10100, 0), P(0x10100, 0x20100, 1), P(0x20100, 0x40000, 2)], Boot("256M"));
    }

    /*
     *  RAM   |-- 255 MiB --|    hole    |------ 512 MiB ------|
     *  fake  |------------- 0 ------------|1M|------- 1 ------|
     */
    [Fact]
    public void SizedNodesCountRamAndNotHoles()
    {
        Ram(0x100000, 0x1000_0000);
        Ram(0x2000_0000, 0x4000_0000);
        Assert.Equal([P(0x100, 0x10000, 0), P(0x20000, 0x20100, 0), P(0x20100, 0x40000, 1)], Boot("256M"));
    }

    [Fact]
    public void GigabytesReachOverTheHoleBelow4Gib()
    {
        Ram(0x100000, 0x4000_0000);
        Ram(0x1_0000_0000, 0x1_c000_0000);
        Assert.Equal(
            [P(0x100, 0x40000, 0), P(0x100000, 0x100100, 0), P(0x100100, 0x140100, 1), P(0x140100, 0x1c0000, 2)],
            Boot("1G"));
    }

    [Theory]
    [InlineData("1M")]
    [InlineData("33M")]
    [InlineData("4*512M")]
    public void SizesAreMadeMultiplesOf32Mib(string fake)
    {
        Ram(0x4000_0000, 0x4800_0000);
        Assert.Equal([P(0x40000, 0x42000, 0), P(0x42000, 0x44000, 1), P(0x44000, 0x46000, 2), P(0x46000, 0x48000, 3)], Boot(fake));
    }

    [Fact]
    public void UniformCutsEveryRealNode()
    {
        Ram(0x100000, 0x8000_0000);
        Srat(0, 0, 0x4000_0000);
        Srat(1, 0x4000_0000, 0x8000_0000);
        Assert.Equal([P(0x100, 0x20100, 0), P(0x20100, 0x40000, 1), P(0x40000, 0x60000, 2), P(0x60000, 0x80000, 3)], Boot("2U"));
    }

    // 341.3 MiB become 352; the last of three has 320.
    [Fact]
    public void UniformRoundsUpTo32Mib()
    {
        Ram(0x4000_0000, 0x8000_0000);
        Assert.Equal([P(0x40000, 0x56000, 0), P(0x56000, 0x6c000, 1), P(0x6c000, 0x80000, 2)], Boot("3U"));
    }

    [Fact]
    public void UniformFailsWhenANodeIsTooSmall()
    {
        Ram(0x4000_0000, 0x4800_0000);
        Assert.Equal([P(0x40000, 0x48000, 0)], Boot("8U"));
    }

    // 960 MiB leave 32 MiB - 4 KiB of RAM below 4 GiB: too little for a node of its own in ZONE_DMA32.
    [Fact]
    public void NodeReachesTo4GibWhenLessThan32MibWouldBeLeftBelow()
    {
        Ram(0xc000_0000, 0xfdff_f000);
        Ram(0x1_0000_0000, 0x1_4000_0000);
        Srat(0, 0, 0x1_4000_0000);
        Assert.Equal([P(0xc0000, 0xfdfff, 0), P(0x100000, 0x140000, 1)], Boot("960M"));
    }

    [Fact]
    public void NumaOffStillFakes()
    {
        Ram(0x4000_0000, 0x8000_0000);
        Srat(7, 0x4000_0000, 0x8000_0000);
        Assert.Equal([P(0x40000, 0x60000, 0), P(0x60000, 0x80000, 1)], Boot("2", numaOff: true));
    }

    [Fact]
    public void OneNodeOfARejectedSratIsFaked()
    {
        Ram(0x4000_0000, 0x8000_0000);
        Srat(0, 0x4000_0000, 0x7000_0000);
        Srat(1, 0x6000_0000, 0x8000_0000);
        Assert.Equal([P(0x40000, 0x60000, 0), P(0x60000, 0x80000, 1)], Boot("2"));
    }

    // numa_emulation() steps over the number it reads, so the second attempt at nodes finds none.
    [Theory]
    [InlineData("2")]
    [InlineData("2U")]
    [InlineData("512M")]
    public void ParameterIsUsedUpByAnIncompleteSrat(string fake)
    {
        Ram(0x4000_0000, 0x8000_0000);
        Srat(0, 0x4000_0000, 0x6000_0000);
        Assert.Equal([P(0x40000, 0x80000, 0)], Boot(fake));
    }

    // The number is read in base 0, as strtoul() does.
    [Theory]
    [InlineData("0x2")]
    [InlineData("02")]
    [InlineData("0x2U")]
    [InlineData("0x200M")]
    public void NumberMayBeHexadecimalOrOctal(string fake)
    {
        Ram(0x4000_0000, 0x8000_0000);
        Assert.Equal([P(0x40000, 0x60000, 0), P(0x60000, 0x80000, 1)], Boot(fake));
    }

    [Fact]
    public void OctalNumberIsNotDecimal()
    {
        Ram(0x4000_0000, 0x8000_0000);
        Assert.Equal([.. Enumerable.Range(0, 8).Select(static i => P(0x40000 + ((ulong)i * 0x8000), 0x48000 + ((ulong)i * 0x8000), i))], Boot("010"));
    }

    [Fact]
    public void SizedNodesAreAsLargeAsAsked()
    {
        Ram(0x1_0000_0000, 0x1_4000_0000);
        Assert.Equal(4, Boot("256M").Count);
    }

    // No node may be smaller than a 1024th of RAM: 64 MiB of 64 GiB. Holes don't count.
    [Theory]
    [InlineData(64, 1024)]
    [InlineData(16, 512)]
    public void SizedNodesAreNeverMoreThanThereAreNumbers(ulong gib, int nodes)
    {
        Ram(0x40_0000_0000, 0x40_0000_0000 + (gib << 30));
        Assert.Equal(nodes, Boot("32M").Count);
    }

    [Fact]
    public void UniformMayUseEveryNumber()
    {
        Ram(0x1_0000_0000, 0x9_0000_0000);
        Assert.Equal(1024, Boot("1024U").Count);
    }

    [Fact]
    public void UniformCountsTheNodesOfEachRealOne()
    {
        Ram(0x1_0000_0000, 0x1_8000_0000);
        Srat(0, 0x1_0000_0000, 0x1_7000_0000);
        Srat(1, 0x1_7000_0000, 0x1_8000_0000);
        Assert.Equal([P(0x100000, 0x170000, 0), P(0x170000, 0x180000, 1)], Boot("16U"));
    }
}
