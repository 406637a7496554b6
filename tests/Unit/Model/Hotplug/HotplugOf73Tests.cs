// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Model.Hotplug;

/// <summary>What hotplug does otherwise from 7.1 or 7.3 on.</summary>
public sealed class HotplugOf73Tests : IHotplugEnvironment
{
    private const ulong Block = 128 * Sizes.Mib;

    private readonly MemblockTable _memblock = new() { Growth = ArrayGrowth.FromSlab };
    private readonly List<string> _told = [];
    private int _verdict;
    private int _nodeVerdict;
    private Isolation _isolation;

    [Fact]
    public void TheFirstAndTheLastBlockOfANodeAreFramedByTheNodeChain()
    {
        var hotplug = BootWithEmptyNode();
        var block = hotplug.Blocks.Find(Sizes.Gib4 / Block)!;
        Assert.Equal(0, hotplug.DeviceOnline(block));
        Assert.Equal(["AddingFirstMemory", "GoingOnline", "AddedFirstMemory", "Online"], _told);
        _told.Clear();
        Assert.Equal(0, hotplug.DeviceOffline(block));
        Assert.Equal(["RemovingLastMemory", "GoingOffline", "RemovedLastMemory", "Offline"], _told);
    }

    [Fact]
    public void AnotherBlockOfANodeIsNot()
    {
        var hotplug = BootWithEmptyNode();
        Assert.Equal(0, hotplug.DeviceOnline(hotplug.Blocks.Find(Sizes.Gib4 / Block)!));
        _told.Clear();
        var second = hotplug.Blocks.Find((Sizes.Gib4 / Block) + 1)!;
        Assert.Equal(0, hotplug.DeviceOnline(second));
        Assert.Equal(0, hotplug.DeviceOffline(second));
        Assert.Equal(["GoingOnline", "Online", "GoingOffline", "Offline"], _told);
    }

    [Theory]
    [InlineData(0, -Errno.Eperm, "AddingFirstMemory GoingOnline CancelOnline CancelAddingFirstMemory")]
    [InlineData(-Errno.Enomem, 0, "AddingFirstMemory CancelOnline CancelAddingFirstMemory")]
    public void ARefusedFirstBlockIsCancelled(int nodeVerdict, int verdict, string told)
    {
        var hotplug = BootWithEmptyNode();
        (_nodeVerdict, _verdict) = (nodeVerdict, verdict);
        Assert.Equal(nodeVerdict + verdict, hotplug.DeviceOnline(hotplug.Blocks.Find(Sizes.Gib4 / Block)!));
        Assert.Equal(told, string.Join(' ', _told));
        Assert.False(hotplug.Zones.HasMemory(1));
    }

    [Fact]
    public void ALastBlockThatStaysIsCancelled()
    {
        var hotplug = BootWithEmptyNode();
        var block = hotplug.Blocks.Find(Sizes.Gib4 / Block)!;
        hotplug.DeviceOnline(block);
        _told.Clear();
        _isolation = Isolation.Stuck;
        Assert.Equal(-Errno.Ebusy, hotplug.DeviceOffline(block));
        Assert.Equal(["RemovingLastMemory", "GoingOffline", "CancelOffline", "CancelRemovingLastMemory"], _told);
    }

    [Fact]
    public void ABlockWithAPoisonedPageStaysOffline()
    {
        var hotplug = BootWithEmptyNode();
        hotplug.Blocks.Find(Sizes.Gib4 / Block)!.HasPoison = true;
        Assert.Equal(-Errno.Ehwpoison, hotplug.DeviceOnline(hotplug.Blocks.Find(Sizes.Gib4 / Block)!));
        Assert.Empty(_told);
    }

    [Theory]
    [InlineData(false, 0x180000UL)]
    [InlineData(true, 0x110000UL)]
    public void WithMirroredMemoryTheKernelsZoneEndsWhereTheMovableOneBegins(bool endsZones, ulong end)
    {
        // 4G          4G+256M        5G            6G
        // |  mirrored  |              |  mirrored   |
        // |  Normal    |  Movable                   |   7.3
        // |  Normal                                 |   before, under Movable
        _memblock.MirroredKernelcore = true;
        _memblock.AddNode(Sizes.Mib, Sizes.Page1G, 0, MemblockFlags.None);
        _memblock.AddNode(Sizes.Gib4, 2 * Sizes.Page1G, 0, MemblockFlags.None);
        _memblock.MarkMirror(0, 2 * Sizes.Page1G);
        _memblock.MarkMirror(Sizes.Gib4, 256 * Sizes.Mib);
        _memblock.MarkMirror(5 * Sizes.Page1G, Sizes.Page1G);
        var hotplug = Boot(endsZones ? HostProfile.SubsysInitcall73.Policy : HostProfile.SubsysInitcall.Policy, 6 * Sizes.Page1G);
        Assert.Equal(end, hotplug.Zones[0, ZoneKind.Normal].End);
        Assert.Equal(0x110000UL, hotplug.Zones[0, ZoneKind.Movable].Start);
        Assert.Equal(endsZones ? ZoneKind.Movable : null, hotplug.Blocks.Find(5 * Sizes.Page1G / Block)!.Zone?.Kind);
    }

    [Theory]
    [InlineData(false, "0-1")]
    [InlineData(true, "1")]
    public void AHoleLinksNoNode(bool byRegion, string nodes)
    {
        // 0          128M      192M      256M
        // | node 0    | node 1  |  hole   | node 0
        _memblock.AddNode(Sizes.Mib, Block - Sizes.Mib, 0, MemblockFlags.None);
        _memblock.AddNode(Block, 64 * Sizes.Mib, 1, MemblockFlags.None);
        _memblock.AddNode(2 * Block, Block, 0, MemblockFlags.None);
        var hotplug = Boot(KernelPolicy.Merged with { LinksBlocksByRegion = byRegion }, 3 * Block);
        Assert.Equal(nodes, string.Join('-', hotplug.Blocks.Find(1)!.Nodes));
    }

    [Fact]
    public void ANodeThatComesBackInABlockTakesItsZone()
    {
        // 0                128M     160M     192M          256M
        // | node 0          | node 0 | node 1 | node 0      |
        _memblock.AddNode(Sizes.Mib, Block + (31 * Sizes.Mib), 0, MemblockFlags.None);
        _memblock.AddNode(Block + (32 * Sizes.Mib), 32 * Sizes.Mib, 1, MemblockFlags.None);
        _memblock.AddNode(Block + (64 * Sizes.Mib), 64 * Sizes.Mib, 0, MemblockFlags.None);
        var hotplug = Boot(HostProfile.SubsysInitcall73.Policy, 2 * Block);
        var block = hotplug.Blocks.Find(1)!;
        Assert.Equal([0, 1], block.Nodes);
        Assert.Equal(0, block.Nid);
        Assert.Null(block.Zone);
    }

    [Theory]
    [InlineData(false, -Errno.Einval, true)]
    [InlineData(true, 0, false)]
    public void ARemovalThatFailsLeavesBlocksOffline(bool ignores, int result, bool isOnline)
    {
        // Of two blocks one holds its own struct pages: both go offline, and can't be removed together.
        _memblock.AddNode(Sizes.Mib, Block, 0, MemblockFlags.None);
        var hotplug = Boot(HostProfile.SubsysInitcall73.Policy with { IgnoresFailedRemoval = ignores }, 2 * Block, "memory_hotplug.memmap_on_memory=1");
        hotplug.Add(0, Sizes.Gib4, Block, false, hasMemmap: true, null);
        hotplug.Add(0, Sizes.Gib4 + Block, Block, false, hasMemmap: false, null);
        hotplug.DeviceOnline(hotplug.Blocks.Find(Sizes.Gib4 / Block)!);
        Assert.Equal(result, hotplug.OfflineAndRemove(Sizes.Gib4, 2 * Block));
        Assert.Equal(isOnline, hotplug.Blocks.Find(Sizes.Gib4 / Block)!.IsOnline);
    }

    void IHotplugEnvironment.Begin()
    {
        // Nobody looks at locks here.
    }

    void IHotplugEnvironment.Done()
    {
        // The same.
    }

    int IHotplugEnvironment.Notify(MemoryAction action, ulong start, ulong pages)
    {
        _told.Add(action.ToString());
        return action == MemoryAction.GoingOnline ? _verdict : 0;
    }

    int IHotplugEnvironment.NotifyNode(NodeAction action, int nid)
    {
        _told.Add(action.ToString());
        return action == NodeAction.AddingFirstMemory ? _nodeVerdict : 0;
    }

    bool IHotplugEnvironment.MayAdd(ulong start, ulong pages) => true;

    Isolation IHotplugEnvironment.Isolate(MemoryBlock block) => _isolation;

    private MemoryHotplug BootWithEmptyNode()
    {
        _memblock.AddNode(Sizes.Mib, 2 * Block, 0, MemblockFlags.None);
        var hotplug = Boot(HostProfile.SubsysInitcall73.Policy, 3 * Block);
        hotplug.PossibleNodes.Add(1);
        Assert.Equal(0, hotplug.Add(1, Sizes.Gib4, 2 * Block, false, false, null));
        return hotplug;
    }

    private MemoryHotplug Boot(KernelPolicy rules, ulong end, string words = "")
    {
        var hotplug = new MemoryHotplug(_memblock, new ArchKeepMemblock(_memblock), this) { Policy = rules };
        var config = HotplugConfig.TdxHost with { DefersPages = false };
        hotplug.Boot(new BootResult { MaxPfn = Pages.PfnDown(end) }, [], null, runsUnderHypervisor: false, config, HotplugParameters.Read(words));
        hotplug.EndBoot();
        return hotplug;
    }
}
