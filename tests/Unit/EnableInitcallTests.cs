// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit;

/// <summary>tdx_enable() as an initcall, and CPUs that come and go afterwards.</summary>
public sealed class EnableInitcallTests
{
    private static readonly HostRules Rules = HostProfile.SubsysInitcall.Rules with { RequiresNoRbpMod = false };

    private readonly HostWorld _world = new(Rules);

    [Theory]
    [InlineData("vmx", -Errno.Eopnotsupp)]
    [InlineData("xsave", -Errno.Einval)]
    [InlineData("movdir64b", -Errno.Einval)]
    [InlineData("selfsnoop", -Errno.Enodev)]
    [InlineData("none", 0)]
    public void AMissingFeatureEndsItBeforeAnySeamcall(string missing, int result)
    {
        var all = CpuFeatures.All;
        var features = missing switch
        {
            "vmx" => all with { Vmx = false },
            "xsave" => all with { Xsave = false },
            "movdir64b" => all with { Movdir64B = false },
            "selfsnoop" => all with { SelfSnoop = false },
            _ => all,
        };
        Assert.Equal(result, Run(features, out _, 0));
        Assert.Equal(result == 0, _world.Trace.Seamcalls > 0);
    }

    [Fact]
    public void WithoutThePlatformNothingHappens()
    {
        var cpus = new OnlineCpus(_world.Host, CpuFeatures.All);
        Assert.Equal(-Errno.Enodev, new EnableInitcall(_world.Host, cpus, CpuFeatures.All).Run([0], _world.Memblock));
        Assert.Equal(0, cpus.VmxOns);
    }

    [Fact]
    public void AFailureTakesEveryCpuDownAgain()
    {
        _world.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysConfig, 1, 1, TdxStatus.OperandInvalid));
        Assert.Equal(-Errno.Eio, Run(CpuFeatures.All, out var cpus, 0, 1));
        Assert.Equal((2, 2), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(0, cpus.Online(2));
        Assert.Equal(2, cpus.VmxOns);
    }

    [Fact]
    public void ACpuThatFailsTakesThoseBeforeItDown()
    {
        _world.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysLpInit, 2, 1, TdxStatus.SeamcallUd));
        Assert.Equal(-Errno.Eacces, Run(CpuFeatures.All, out var cpus, 0, 1, 2));
        Assert.Equal((2, 2), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(0, _world.Trace.SeamcallsOf(SeamcallLeaf.SysRd));
    }

    [Fact]
    public void ACpuThatComesBackIsNotInitialisedAgain()
    {
        Assert.Equal(0, Run(CpuFeatures.All, out var cpus, 0, 1));
        cpus.Offline(1);
        cpus.Offline(1);
        Assert.Equal(0, cpus.Online(1));
        Assert.Equal((3, 1), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(2, _world.Trace.SeamcallsOf(SeamcallLeaf.SysLpInit));
    }

    [Fact]
    public void ALaterCpuThatCannotBeInitialisedStaysOffline()
    {
        Assert.Equal(0, Run(CpuFeatures.All, out var cpus, 0));
        _world.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysLpInit, 2, 1, TdxStatus.SeamcallVmFailInvalid));
        Assert.Equal(-Errno.Enodev, cpus.Online(1));
        Assert.Equal((2, 1), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(0, cpus.Online(1));
        Assert.Equal(3, _world.Trace.SeamcallsOf(SeamcallLeaf.SysLpInit));
    }

    private int Run(CpuFeatures features, out OnlineCpus cpus, params int[] online)
    {
        _world.Host.Init(KeyIdPartition.Usual);
        cpus = new OnlineCpus(_world.Host, features);
        return new EnableInitcall(_world.Host, cpus, features).Run(online, _world.Memblock);
    }
}
