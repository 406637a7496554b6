// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Tests.Unit.Scenarios.Lines;

public sealed class MemoryListingTests
{
    private static Scenario Read(params string[] lines) => LogText.Read(string.Join('\n', lines), isStrict: true).Scenario;

    private static Machine WithSrat(params string[] lines) => Read([LogText.Map.Trim(), .. lines]).Machine;

    [Theory]
    [InlineData("SRAT: Node 3 PXM 7 [mem 0x100000000-0x17fffffff]", false, false)]
    [InlineData("ACPI: SRAT: Node 3 PXM 7 [mem 0x100000000-0x17fffffff] hotplug", true, false)]
    [InlineData("NUMA: SRAT: Node 3 PXM 7 [mem 0x100000000-0x17fffffff] Hot Pluggable", true, false)]
    [InlineData("SRAT: Node 3 PXM 7 [mem 0x100000000-0x17fffffff] hotplug non-volatile", true, true)]
    [InlineData("SRAT: Node 3 PXM 7 [mem 0x100000000-0x17fffffff] non-volatile", false, true)]
    [InlineData("SRAT: Node 3 PXM 7 100000000-180000000", false, false)]
    public void SratIsReadInEverySpelling(string line, bool hotplug, bool nonVolatile) =>
        Assert.Equal([new(3, 7, 0x1_0000_0000, 0x1_8000_0000, hotplug, nonVolatile)], WithSrat(line).Srat);

    [Fact]
    public void SratEntriesStayInTheOrderOfTheTable() =>
        Assert.Equal(
            [1, 0],
            WithSrat("SRAT: Node 1 PXM 1 [mem 0x20000000-0x3fffffff]", "SRAT: Node 0 PXM 0 [mem 0x00000000-0x1fffffff]").Srat.Select(static s => s.Nid));

    // start + length wrapped to 0 when this is printed, and numa_add_memblk() ignores a block whose start is not below its end.
    [Theory]
    [InlineData("0x00000000")]
    [InlineData("0x20000000")]
    public void SratEntryWithAWrappedEndIsIgnoredByTheKernel(string start)
    {
        var machine = WithSrat("SRAT: Node 0 PXM 0 [mem 0x00000000-0x1fffffff]", $"SRAT: Node 1 PXM 1 [mem {start}-0xffffffffffffffff]");
        var result = new BootFlow().Run(machine, new MemblockTable());
        Assert.Equal(NodeSource.SratIncomplete, result.Nodes);
        Assert.Equal([new PfnRange(0x100, 0x40000, 0)], result.EarlyRanges);
    }

    [Theory]
    [InlineData("Early memory node ranges", "  node   0: [mem 0x0000000000001000-0x000000000009efff]")]
    [InlineData("Early memory node ranges", "  node   0: [mem 0x00001000-0x0009efff]")]
    [InlineData("Early memory node ranges", "node 0: [mem 0x00001000-0x0009efff]")]
    [InlineData("early_node_map[1] active PFN ranges", "    0: 0x00000001 -> 0x0000009f")]
    public void EarlyRangesAreReadInEverySpelling(string header, string line) =>
        Assert.Equal([new(1, 0x9f, 0)], Read(header, line).Observed.EarlyRanges);

    [Fact]
    public void EarlyRangesEndWhereNodesAreSetUp() =>
        Assert.Equal(
            [new(1, 0x9f, 12)],
            Read(
                "Early memory node ranges",
                "  node  12: [mem 0x0000000000001000-0x000000000009efff]",
                "Initmem setup node 12 [mem 0x0000000000001000-0x000000000009efff]",
                "  node  13: [mem 0x0000000000100000-0x00000000001fffff]").Observed.EarlyRanges);

    [Theory]
    [InlineData(" memory[0x0]\t[0x0000000000001000-0x000000000009efff], 0x000000000009e000 bytes flags: 0x0", PfnRange.MaxNumnodes, 0)]
    [InlineData(" memory[0x0]     [0x0000000000001000-0x000000000009efff], 0x000000000009e000 bytes on node 5 flags: 0x0", 5, 0)]
    [InlineData(" memory[0x0]\t[0x00000000001000-0x0000000009efff], 0x9e000 bytes on node 0 flags: 0x1", 0, 1)]
    [InlineData(" memory[0x0]\t[0x00001000-0x0009efff], 0x0009e000 bytes on node 0 flags: 0x4", 0, 4)]
    public void DumpOfMemblockIsReadInEveryWidth(string line, int nid, uint flags) =>
        Assert.Equal(
            [new(new AddressRange(0x1000, 0x9f000), nid, (MemblockFlags)flags)],
            Read("MEMBLOCK configuration:", " memory size = 0x9e000 reserved size = 0x0", " memory.cnt  = 0x1", line).Observed.MemblockMemory);

    [Fact]
    public void ReservedRegionsOfADumpAreNoMemory() =>
        Assert.Single(
            Read(
                "MEMBLOCK configuration:",
                " memory[0x0]\t[0x0000000000001000-0x000000000009efff], 0x000000000009e000 bytes flags: 0x0",
                " reserved.cnt  = 0x1",
                " reserved[0x0]\t[0x0000000000000000-0x00000000000fffff], 0x0000000000100000 bytes flags: 0x0").Observed.MemblockMemory);

    [Fact]
    public void SecondDumpReplacesTheFirst() =>
        Assert.Equal(
            [new(new AddressRange(0x1000, 0x9f000), 1, 0)],
            Read(
                "MEMBLOCK configuration:",
                " memory[0x0]\t[0x0000000000001000-0x000000000009efff], 0x000000000009e000 bytes flags: 0x0",
                " memory[0x1]\t[0x0000000000100000-0x00000000001fffff], 0x0000000000100000 bytes flags: 0x0",
                "MEMBLOCK configuration:",
                " memory[0x0]\t[0x0000000000001000-0x000000000009efff], 0x000000000009e000 bytes on node 1 flags: 0x0").Observed.MemblockMemory);

    [Fact]
    public void DebugfsListingIsRead() =>
        Assert.Equal(
            [
                new(new AddressRange(0x1000, 0x9f000), 0, 0),
                new(new AddressRange(0x100000, 0x200000), 1, MemblockFlags.Hotplug),
                new(new AddressRange(0x200000, 0x300000), PfnRange.MaxNumnodes, MemblockFlags.Nomap | MemblockFlags.DriverManaged),
            ],
            Read(
                "   0: 0x0000000000001000..0x000000000009efff    0 NONE",
                "   1: 0x0000000000100000..0x00000000001fffff    1 HOTPLUG",
                "   2: 0x0000000000200000..0x00000000002fffff      NOMAP|DRV_MNG").Observed.MemblockMemory);

    [Fact]
    public void OldDebugfsListingHasNeitherNodeNorFlags() =>
        Assert.Equal(
            [new(new AddressRange(0x1000, 0x9f000), PfnRange.MaxNumnodes, 0)],
            Read("   0: 0x0000000000001000..0x000000000009efff").Observed.MemblockMemory);

    [Fact]
    public void TopLevelOfIomemIsAMap()
    {
        var machine = Read(
            "00000000-00000fff : Reserved",
            "00001000-0009fbff : System RAM",
            "000a0000-000bffff : PCI Bus 0000:00",
            "00100000-7ffdffff : System RAM",
            "  01000000-01c031d0 : Kernel code",
            "  02000000-020fffff : Reserved",
            "7ffe0000-7fffffff : ACPI Tables",
            "80000000-80ffffff : ACPI Non-volatile Storage",
            "81000000-81ffffff : Unusable memory",
            "82000000-82ffffff : Soft Reserved",
            "100000000-13fffffff : Persistent Memory",
            "140000000-17fffffff : Persistent Memory (legacy)").Machine;
        Assert.Equal(
            [
                new(0, 0x1000, E820Type.Reserved), new(0x1000, 0x9ec00, E820Type.Ram), new(0x100000, 0x7fee0000, E820Type.Ram),
                new(0x7ffe0000, 0x20000, E820Type.Acpi), new(0x80000000, 0x1000000, E820Type.Nvs), new(0x81000000, 0x1000000, E820Type.Unusable),
                new(0x82000000, 0x1000000, E820Type.SoftReserved), new(0x1_0000_0000, 0x4000_0000, E820Type.Pmem),
                new(0x1_4000_0000, 0x4000_0000, E820Type.Pram),
            ],
            machine.E820);
    }

    [Fact]
    public void CxlWindowsAndHotAddedRamMayComeLater() =>
        Assert.Equal(
            [
                new(new AddressRange(0x20_7000_0000, 0xa0_7000_0000), "CXL Window 0"),
                new(new AddressRange(0x20_7000_0000, 0x60_7000_0000), "System RAM (kmem)"),
            ],
            Read(
                "00100000-3fffffff : System RAM",
                "2070000000-a06fffffff : CXL Window 0",
                "  2070000000-606fffffff : region0",
                "    2070000000-606fffffff : dax0.0",
                "      2070000000-606fffffff : System RAM (kmem)").Machine.HotpluggableMemory);

    [Fact]
    public void IomemWithoutAddressesIsAnError()
    {
        var problem = Assert.Throws<BadInputException>(() => Read("00000000-00000000 : Reserved", "00000000-00000000 : System RAM", "  00000000-00000000 : Kernel code"));
        Assert.Equal("boot.log: every address is 0: read /proc/iomem as root", problem.Message);
    }

    [Fact]
    public void MapOfALogWinsOverIomem() =>
        Assert.Equal([new(0x100000, 0x3ff00000, E820Type.Ram)], Read(LogText.Map.Trim(), "00100000-7fffffff : System RAM").Machine.E820);

    [Fact]
    public void OnlineBlocksOfSysfsAreJoinedByNode()
    {
        var observed = Read(
            "block_size_bytes 8000000",
            "memory0 phys_index=00000000 state=online node=0",
            "memory1 phys_index=00000001 state=online node=0",
            "memory2 phys_index=00000002 state=online node=1",
            "memory3 phys_index=00000003 state=offline node=1",
            "memory32 phys_index=00000020 state=online node=1").Observed;
        Assert.Equal(0x8000000UL, observed.MemoryBlockSize);
        Assert.Equal([new(0, 0x10000, 0), new(0x10000, 0x18000, 1), new(0x100000, 0x108000, 1)], observed.OnlineMemory);
    }

    [Theory]
    [InlineData("memory0 phys_index=00000000 state=online")]
    [InlineData("block_size_bytes 8000001")]
    [InlineData("block_size_bytes 0")]
    public void SysfsWithoutAGoodBlockSizeIsAnError(string line) =>
        Assert.Throws<BadInputException>(() => Read(LogText.Map.Trim(), line));
}
