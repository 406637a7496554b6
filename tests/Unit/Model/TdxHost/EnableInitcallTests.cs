// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/// <summary>tdx_enable() as an initcall, and CPUs that come and go afterwards.</summary>
public sealed class EnableInitcallTests
{
    private static readonly KernelPolicy Rules = HostProfile.SubsysInitcall.Policy with { RequiresNoRbpMod = false };

    private readonly HostContext _context = new(Rules);

    [Theory]
    [InlineData(MissingFeatures.Vmx, -Errno.Eopnotsupp)]
    [InlineData(MissingFeatures.Xsave, -Errno.Einval)]
    [InlineData(MissingFeatures.Movdir64B, -Errno.Einval)]
    [InlineData(MissingFeatures.SelfSnoop, -Errno.Enodev)]
    [InlineData(MissingFeatures.None, 0)]
    public void AMissingFeatureEndsItBeforeAnySeamcall(MissingFeatures missing, int result)
    {
        Assert.Equal(result, Run(missing, out _, 1));
        Assert.Equal(result == 0, _context.Trace.Seamcalls > 0);
        Assert.Equal(missing switch
        {
            MissingFeatures.Xsave => KernelLine.XsaveMissing,
            MissingFeatures.Movdir64B => KernelLine.Movdir64BMissing,
            MissingFeatures.SelfSnoop => KernelLine.SelfSnoopMissing,
            MissingFeatures.Vmx => KernelLine.DisableS3,
            _ => KernelLine.ModuleInitialized,
        }, _context.Trace.Events.Where(static e => e.Kind == TraceEventKind.Log).Select(static e => e.Log.Line).LastOrDefault());
        Assert.Equal(result, new HostContext(Rules) { Choices = { Missing = missing } }.BringAllUp());
    }

    [Fact]
    public void WithoutThePlatformNothingHappens()
    {
        Assert.Equal(-Errno.Enodev, _context.Host.EnableAll(_context.Memblock));
        Assert.Equal(0, _context.Host.Cpus.VmxOns);
    }

    [Fact]
    public void AFailureTakesEveryCpuDownAgain()
    {
        _context.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysConfig, 1, 1, TdxStatus.OperandInvalid));
        Assert.Equal(-Errno.Eio, Run(MissingFeatures.None, out var cpus, 2));
        Assert.Equal((2, 2), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(0, cpus.Online(2));
        Assert.Equal(2, cpus.VmxOns);
    }

    [Fact]
    public void ACpuThatFailsTakesThoseBeforeItDown()
    {
        _context.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysLpInit, 2, 1, TdxStatus.SeamcallUd));
        Assert.Equal(-Errno.Eacces, Run(MissingFeatures.None, out var cpus, 3));
        Assert.Equal((2, 2), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(0, _context.Trace.SeamcallsOf(SeamcallLeaf.SysRd));
    }

    [Fact]
    public void ACpuThatComesBackIsNotInitialisedAgain()
    {
        Assert.Equal(0, Run(MissingFeatures.None, out var cpus, 2));
        cpus.Offline(1);
        cpus.Offline(1);
        Assert.Equal(0, cpus.Online(1));
        Assert.Equal((3, 1), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(2, _context.Trace.SeamcallsOf(SeamcallLeaf.SysLpInit));
    }

    [Fact]
    public void ALaterCpuThatCannotBeInitialisedStaysOffline()
    {
        Assert.Equal(0, Run(MissingFeatures.None, out var cpus, 1));
        _context.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysLpInit, 2, 1, TdxStatus.SeamcallVmFailInvalid));
        Assert.Equal(-Errno.Enodev, cpus.Online(1));
        Assert.Equal((2, 1), (cpus.VmxOns, cpus.VmxOffs));
        Assert.Equal(0, cpus.Online(1));
        Assert.Equal(3, _context.Trace.SeamcallsOf(SeamcallLeaf.SysLpInit));
    }

    private int Run(MissingFeatures missing, out OnlineCpus cpus, int online)
    {
        _context.Choices.Missing = missing;
        (_context.Choices.Cpus, _context.Choices.OfflineCpus) = (online, 1);
        var result = _context.BringAllUp();
        cpus = _context.Host.Cpus;
        return result;
    }
}
