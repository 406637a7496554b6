// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Numa;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Tests.Unit.Model.Hotplug;

/// <summary>Parts of hotplug that no recorded boot shows, or that a picture says best.</summary>
public sealed class HotplugTests : IHotplugEnvironment
{
    private const ulong Block = 128 * Sizes.Mib;

    private readonly MemblockTable _memblock = new() { Growth = ArrayGrowth.FromSlab };
    private readonly List<(MemoryAction Action, ulong Start, ulong Pages)> _notified = [];
    private int _verdict;
    private Isolation _isolation;

    [Theory]
    [InlineData(63UL << 30, false, 128UL << 20)]
    [InlineData(64UL << 30, false, 2UL << 30)]
    [InlineData((64UL << 30) + (512UL << 20), true, 512UL << 20)]
    [InlineData((64UL << 30) + (64UL << 20), true, 128UL << 20)]
    [InlineData((64UL << 30) + (64UL << 20), false, 2UL << 30)]
    public void TheBlockSizeFollowsTheEndOfMemory(ulong end, bool runsUnderHypervisor, ulong size) =>
        Assert.Equal(size, BlockSizes.Of(Pages.PfnDown(end), runsUnderHypervisor));

    [Fact]
    public void ABlockOfTwoZonesHasNone()
    {
        // 0       16M               128M            256M
        // | DMA   |  DMA32                            |
        //   ################################################
        var hotplug = Boot("", new AddressRange(Sizes.Mib, 2 * Block));
        Assert.Null(hotplug.Blocks.Find(0)!.Zone);
        Assert.Equal(ZoneKind.Dma32, hotplug.Blocks.Find(1)!.Zone!.Kind);
        Assert.Equal(-Errno.Einval, hotplug.DeviceOffline(hotplug.Blocks.Find(0)!));
    }

    [Fact]
    public void ARefusedBlockIsCancelledAndStaysOffline()
    {
        var hotplug = Boot("", new AddressRange(Sizes.Mib, 2 * Block));
        Assert.Equal(0, hotplug.Add(0, Sizes.Gib4, Block, false, false, null));
        _verdict = -Errno.Eperm;
        Assert.Equal(-Errno.Eperm, new BlockFiles(hotplug).WriteState(Sizes.Gib4 / Block, "online_movable"));
        Assert.Equal(
            [MemoryAction.PrepareOnline, MemoryAction.GoingOnline, MemoryAction.CancelOnline, MemoryAction.FinishOffline],
            _notified.Select(static n => n.Action));
        Assert.True(hotplug.Zones[0, ZoneKind.Movable].IsEmpty);
    }

    [Fact]
    public void TheHeadOfABlockThatHoldsItsStructPagesIsNotNotified()
    {
        // 4G                                  4G + 128M
        // |vvv|################################|      v: 2 MiB of struct pages
        var hotplug = Boot("memory_hotplug.memmap_on_memory=1", new AddressRange(Sizes.Mib, 2 * Block));
        hotplug.Add(0, Sizes.Gib4, Block, false, hasMemmap: true, null);
        Assert.Equal(0, new BlockFiles(hotplug).WriteState(Sizes.Gib4 / Block, "online"));
        Assert.All(_notified, static n => Assert.Equal((Pages.PfnDown(Sizes.Gib4 + Sizes.Page2M), Pages.PfnDown(Block - Sizes.Page2M)), (n.Start, n.Pages)));
    }

    [Theory]
    [InlineData(Isolation.Unmovable, -Errno.Ebusy, 0)]
    [InlineData(Isolation.Stuck, -Errno.Ebusy, 2)]
    [InlineData(Isolation.Interrupted, -Errno.Eintr, 2)]
    [InlineData(Isolation.Done, 0, 3)]
    public void WhatAllocationDecidesIsToldBeforeOrAfterTheNotifier(Isolation isolation, int result, int notifications)
    {
        var hotplug = Boot("", new AddressRange(Sizes.Mib, 2 * Block));
        _isolation = isolation;
        Assert.Equal(result, hotplug.DeviceOffline(hotplug.Blocks.Find(1)!));
        Assert.Equal(notifications, _notified.Count);
    }

    [Fact]
    public void AutoOnlineStopsAtTheFirstRefusalAndTheAdditionSucceeds()
    {
        var hotplug = Boot("memhp_default_state=online_movable", new AddressRange(Sizes.Mib, 2 * Block));
        _verdict = -Errno.Eperm;
        Assert.Equal(0, hotplug.Add(0, Sizes.Gib4, 3 * Block, false, false, null));
        Assert.Single(_notified, static n => n.Action == MemoryAction.GoingOnline);
        Assert.DoesNotContain(hotplug.Blocks.All, static b => b.Id >= Sizes.Gib4 / Block && b.IsOnline);
    }

    [Fact]
    public void OfflineAndRemovePutsBackWhatItHadTakenOffline()
    {
        var hotplug = Boot("", new AddressRange(Sizes.Mib, 4 * Block));
        hotplug.Add(0, Sizes.Gib4, 2 * Block, false, false, null);
        var files = new BlockFiles(hotplug);
        files.WriteState(Sizes.Gib4 / Block, "online_movable");
        files.WriteState((Sizes.Gib4 / Block) + 1, "online_kernel");
        _isolateOnly = (Sizes.Gib4 / Block) + 1;
        _isolation = Isolation.Unmovable;
        Assert.Equal(-Errno.Ebusy, hotplug.OfflineAndRemove(Sizes.Gib4, 2 * Block));
        Assert.Equal(ZoneKind.Movable, hotplug.Blocks.Find(Sizes.Gib4 / Block)!.Zone!.Kind);
    }

    [Fact]
    public void AnAdditionOverMemoryTakesNothingAway()
    {
        var hotplug = Boot("", new AddressRange(Sizes.Mib, 2 * Block));
        Assert.Equal(-Errno.Eexist, hotplug.Add(0, Block, 2 * Block, false, false, null));
        Assert.Equal(2 * Block, _memblock.Memory.Regions[^1].End);
        Assert.Equal(2, hotplug.Blocks.All.Count);
    }

    [Theory]
    [InlineData(PolicyTreatment.None, 0x2UL, false, 0, 1)]
    [InlineData(PolicyTreatment.Narrows, 0x3UL, false, 0, 0)]
    [InlineData(PolicyTreatment.Narrows, 0x2UL, false, 0, -Errno.Einval)]
    [InlineData(PolicyTreatment.NoMemory, 0x2UL, false, 0, -Errno.Enomem)]
    [InlineData(PolicyTreatment.Refuses, 0x2UL, false, 0, -Errno.Einval)]
    [InlineData(PolicyTreatment.Refuses, 0x2UL, true, -Errno.Einval, 0)]
    [InlineData(PolicyTreatment.Refuses, 0x1UL, true, 0, 0)]
    public void APolicyIsTreatedAsTheRulesSay(PolicyTreatment treatment, ulong nodes, bool knowsTdx, int policy, int page)
    {
        // Node 0 is in the list, node 1 is not.
        var state = new Snapshot();
        state.Add(new PfnRange(0x100, 0x200, 0));
        state.AddManaged(new PfnRange(0x100, 0x200, 0));
        state.AddManaged(new PfnRange(0x300, 0x400, 1));
        var environment = new HostEnvironment(new Faults(), new Choices(), new PamtPages(), new Trace());
        var guest = new GuestMemory(environment, treatment, hasOwnPolicy: false);
        Assert.Equal(policy, guest.SetPolicy(state, nodes, isVma: false, knowsTdx));
        Assert.Equal(page, guest.TakePage(state));
    }

    /// <summary>Until guest_memfd has a policy of its own, mbind() of a guest's memory is not about its private pages.</summary>
    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void MbindCountsWhereGuestMemfdHasAPolicy(bool hasOwnPolicy, int page)
    {
        var state = new Snapshot();
        state.AddManaged(new PfnRange(0x100, 0x200, 0));
        state.AddManaged(new PfnRange(0x300, 0x400, 1));
        var environment = new HostEnvironment(new Faults(), new Choices(), new PamtPages(), new Trace());
        var guest = new GuestMemory(environment, PolicyTreatment.None, hasOwnPolicy);
        guest.SetPolicy(state, 0x1, isVma: false, knowsTdx: false);
        guest.SetPolicy(state, 0x2, isVma: true, knowsTdx: false);
        Assert.Equal(page, guest.TakePage(state));
    }

    private ulong? _isolateOnly;

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
        _notified.Add((action, start, pages));
        return action == MemoryAction.GoingOnline ? _verdict : 0;
    }

    int IHotplugEnvironment.NotifyNode(NodeAction action, int nid) => 0;

    bool IHotplugEnvironment.MayAdd(ulong start, ulong pages) => true;

    Isolation IHotplugEnvironment.Isolate(MemoryBlock block) => _isolateOnly is { } id && id != block.Id ? Isolation.Done : _isolation;

    private MemoryHotplug Boot(string words, AddressRange memory)
    {
        _memblock.AddNode(memory.Start, memory.Size, 0, MemblockFlags.None);
        var hotplug = new MemoryHotplug(_memblock, new ArchKeepMemblock(_memblock), this);
        hotplug.Boot(new BootResult { MaxPfn = Pages.PfnDown(memory.End) }, [], null, runsUnderHypervisor: false, HotplugConfig.TdxHost, HotplugParameters.Read(words));
        hotplug.EndBoot();
        return hotplug;
    }
}
