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
    private readonly HostContext _context = new();

    [Fact]
    public void AnInitialisedHostStartsFromTheBeginning()
    {
        Assert.Equal(0, _context.BringUp());
        Assert.NotEqual(0, _context.Host.Memlist.Entries.Length);
        Assert.NotEqual(0, _context.Host.TdmrList.Consumed);
        _context.Host.Reset(_context.Module);
        Assert.Equal((TdxModuleStatus.Uninitialized, false), (_context.Host.Status, _context.Host.HasTdxHostCapability));
        Assert.Equal((0U, 0U, 0U), (_context.Host.GlobalKeyId, _context.Host.GuestKeyIdStart, _context.Host.GuestKeyIds));
        Assert.Equal((0, 0), (_context.Host.Memlist.Entries.Length, _context.Host.TdmrList.Consumed));
        Assert.Equal(-Errno.Enodev, _context.Host.Enable(_context.Memblock));
    }

    [Fact]
    public void EveryCallIsMadeAgain()
    {
        Assert.Equal(0, _context.BringUp());
        var again = new WritingModule(new PermissiveModule(new ModulePlatform { Limits = ModuleLimits.Usual }, 0));
        _context.Host.Reset(again);
        Assert.Equal(0, _context.BringUp());
        Assert.Equal(_context.Module.Calls, again.Calls);
        Assert.Equal(_context.Module.Tdmrs.Count, again.Tdmrs.Count);
    }

    // The word of CPUs grows, and what it holds is forgotten all the same.
    [Fact]
    public void EveryCpuIsInitialisedAgain()
    {
        _context.Host.Init(KeyIdPartition.Usual);
        int[] lps = [0, 63, 64, 200];
        Assert.All(lps, lp => Assert.Equal(0, _context.Host.CpuEnable(lp)));
        Assert.All(lps, lp => Assert.Equal(0, _context.Host.CpuEnable(lp)));
        Assert.Equal(lps, _context.Module.Calls.Where(static c => c.Leaf == SeamcallLeaf.SysLpInit).Select(static c => c.Lp));
    }
}
