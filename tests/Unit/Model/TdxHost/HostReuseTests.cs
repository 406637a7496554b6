// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/// <summary>Host code that boots again has forgotten everything.</summary>
public sealed class HostReuseTests
{
    private readonly HostContext _world = new();

    [Fact]
    public void AnInitialisedHostStartsFromTheBeginning()
    {
        Assert.Equal(0, _world.BringUp());
        Assert.NotEqual(0, _world.Host.Memlist.Entries.Length);
        Assert.NotEqual(0, _world.Host.TdmrList.Consumed);
        _world.Host.Reset(_world.Module);
        Assert.Equal((TdxModuleStatus.Uninitialized, false), (_world.Host.Status, _world.Host.HasTdxHostCapability));
        Assert.Equal((0U, 0U, 0U), (_world.Host.GlobalKeyId, _world.Host.GuestKeyIdStart, _world.Host.GuestKeyIds));
        Assert.Equal((0, 0), (_world.Host.Memlist.Entries.Length, _world.Host.TdmrList.Consumed));
        Assert.Equal(-Errno.Enodev, _world.Host.Enable(_world.Memblock));
    }

    [Fact]
    public void EveryCallIsMadeAgain()
    {
        Assert.Equal(0, _world.BringUp());
        var again = new WritingModule(new PermissiveModule(new ModulePlatform { Limits = ModuleLimits.Usual }, 0));
        _world.Host.Reset(again);
        Assert.Equal(0, _world.BringUp());
        Assert.Equal(_world.Module.Calls, again.Calls);
        Assert.Equal(_world.Module.Tdmrs.Count, again.Tdmrs.Count);
    }

    // The word of CPUs grows, and what it holds is forgotten all the same.
    [Fact]
    public void EveryCpuIsInitialisedAgain()
    {
        _world.Host.Init(KeyIdPartition.Usual);
        int[] lps = [0, 63, 64, 200];
        Assert.All(lps, lp => Assert.Equal(0, _world.Host.CpuEnable(lp)));
        Assert.All(lps, lp => Assert.Equal(0, _world.Host.CpuEnable(lp)));
        Assert.Equal(lps, _world.Module.Calls.Where(static c => c.Leaf == SeamcallLeaf.SysLpInit).Select(static c => c.Lp));
    }
}
