// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Subjects.Guest;
using TdxVerify.Subjects.Guest.State;

namespace TdxVerify.Tests.Unit.Subjects.Guest;

public sealed class GuestStateTests
{
    private const ulong Block = 0x8000000;

    private static readonly string[] Lines =
    [
        "block 0 0 online DMA32",
        "block 1 0,1 offline none",
        "block 32 1 offline Normal Movable",
        "zone Node 0, zone    DMA32",
        "zone spanned  65535",
        "zone present  65438",
        "zone managed  60000",
        "zone start_pfn:           1",
        "zone Node 0, zone   Normal",
        "zone spanned  0",
        "zone present  0",
        "zone managed  0",
        "memblock    0: 0x0000000000001000..0x000000000009efff    0 NONE",
        "memblock    1: 0x0000000000100000..0x0000000007ffffff    1 HOTPLUG|MIRROR",
        "ram 00001000-0009fbff : System RAM",
        "ram 00100000-07ffffff : System RAM",
        "node online 0-1",
        "node auto_online_blocks offline",
        "cpus 0-1",
    ];

    [Fact]
    public void EveryKindOfLineIsRead()
    {
        var state = GuestState.Read(Lines, Block);

        Assert.Equal([0UL, 1, 32], state.Blocks.Keys.ToArray());
        Assert.Equal([0, 1], state.Blocks[1].Nodes);
        Assert.Equal(["Normal", "Movable"], state.Blocks[32].Zones);
        var zone = Assert.Single(state.Zones);
        Assert.Equal("0/DMA32", zone.Key);
        Assert.Equal(new GuestZone(0, "DMA32", 1, 65535, 65438, 60000), zone.Value);
        Assert.Equal(
            [
                new MemblockRegion(0x1000, 0x9e000, MemblockFlags.None, 0),
                new MemblockRegion(0x100000, 0x7f00000, MemblockFlags.Hotplug | MemblockFlags.Mirror, 1),
            ],
            state.Memblock);
        Assert.Equal([new AddressRange(0x1000, 0x9fc00), new AddressRange(0x100000, 0x8000000)], state.Ram);
        Assert.Equal("offline", state.Nodes["auto_online_blocks"]);
        Assert.Equal("0-1", state.Cpus);
    }

    [Fact]
    public void ASnapshotIsInPages()
    {
        var snapshot = new Snapshot();
        GuestState.Read(Lines, Block).Capture(snapshot, hasMemblock: true);

        Assert.Equal(new BlockView(0, 0x8000, true, 0, ZoneKind.Dma32), snapshot.Blocks[0]);
        Assert.Equal(new BlockView(0x8000, 0x10000, false, 1, null), snapshot.Blocks[1]);
        Assert.Equal(new ZoneView(0, ZoneKind.Dma32, 1, 65535, 65438), snapshot.Zones[0]);

        // Memory of the block that is online, without the first MiB, on the node of memblock.
        var managed = Assert.Single(snapshot.Managed.ToArray());
        Assert.Equal(new PfnRange(0x100, 0x8000, 1), managed);
        Assert.Equal(2, snapshot.Memory.Length);
    }

    [Theory]
    [InlineData("block x 0 online DMA32")]
    [InlineData("memblock 0: 0x1000")]
    [InlineData("what is this")]
    public void ALineThatIsNoneIsNamed(string line)
    {
        var problem = Assert.Throws<GuestException>(() => GuestState.Read([line], Block));

        Assert.Contains(line, problem.Message, StringComparison.Ordinal);
    }
}
