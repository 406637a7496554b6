// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

public sealed class HostGateTests
{
    private readonly HostContext _context = new();

    [Fact]
    public void NoTdxKeyIdsKeepTdxOffInSilence()
    {
        _context.Host.Init(new KeyIdPartition(31, 0));
        AssertOff();
        Assert.DoesNotContain(_context.Trace.Events, static e => e.Kind == TraceEventKind.Log);
    }

    [Fact]
    public void OneTdxKeyIdIsTooFew()
    {
        _context.Host.Init(new KeyIdPartition(31, 1));
        AssertOff();
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.TooFewKeyIds));
    }

    [Fact]
    public void TwoTdxKeyIdsAreEnough()
    {
        _context.Host.Init(new KeyIdPartition(31, 2));
        Assert.True(_context.Host.HasTdxHostCapability);
        Assert.Equal(0, _context.Trace.LogLines(LogLevel.Error));
    }

    [Fact]
    public void HibernationKeepsTdxOff()
    {
        _context.Faults.HibernationAvailable = true;
        _context.Host.Init(KeyIdPartition.Usual);
        AssertOff();
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.HibernationEnabled));
    }

    [Fact]
    public void NotifierThatCantBeRegisteredKeepsTdxOff()
    {
        _context.Faults.NotifierRegistrationErrno = -17;
        _context.Host.Init(KeyIdPartition.Usual);
        AssertOff();
        Assert.Equal(-17, _context.Trace.Line(KernelLine.NotifierFailed).Log.Errno);
    }

    [Fact]
    public void KeyIdsAreCountedBeforeHibernationIsAsked()
    {
        _context.Faults.HibernationAvailable = true;
        _context.Host.Init(new KeyIdPartition(31, 1));
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.TooFewKeyIds));
        Assert.Equal(0, _context.Trace.CountOf(KernelLine.HibernationEnabled));
    }

    [Fact]
    public void HibernationIsAskedBeforeTheNotifierIsRegistered()
    {
        _context.Faults.HibernationAvailable = true;
        _context.Faults.NotifierRegistrationErrno = -12;
        _context.Host.Init(KeyIdPartition.Usual);
        Assert.Equal(1, _context.Trace.LogLines(LogLevel.Error));
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.HibernationEnabled));
    }

    // MSR: | TDX KeyIDs | MKTME KeyIDs |; KeyID 0 is the plain one, so the first private one is MKTME + 1.
    [Theory]
    [InlineData(31u, 32u, 32u, 64u)]
    [InlineData(0u, 2u, 1u, 3u)]
    [InlineData(63u, 64u, 64u, 128u)]
    public void FirstPrivateKeyIdIsTheGlobalOne(uint mktme, uint tdx, uint first, uint end)
    {
        _context.Host.Init(new KeyIdPartition(mktme, tdx));
        Assert.Equal(first, _context.Host.GlobalKeyId);
        var line = _context.Trace.Line(KernelLine.BiosEnabled);
        Assert.Equal((first, end), (line.Log.First, line.Log.Second));
    }

    [Fact]
    public void PlatformTurnsS3Off()
    {
        _context.Host.Init(KeyIdPartition.Usual);
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.DisableS3));
    }

    [Fact]
    public void KeyIdRangeIsPrintedEvenWhenAGateCloses()
    {
        _context.Faults.HibernationAvailable = true;
        _context.Host.Init(KeyIdPartition.Usual);
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.BiosEnabled));
        Assert.Equal(0, _context.Trace.CountOf(KernelLine.DisableS3));
    }

    [Fact]
    public void NothingWorksBeforeInit() => AssertOff();

    private void AssertOff()
    {
        Assert.False(_context.Host.HasTdxHostCapability);
        Assert.Equal(-19, _context.Host.CpuEnable(0));
        Assert.Equal(-19, _context.Host.Enable(new MemblockTable()));
        Assert.False(_context.Host.IsPrivateAtMachineCheck(0x1000));
        Assert.Equal(0, _context.Trace.Seamcalls);
        Assert.Equal(TdxModuleStatus.Uninitialized, _context.Host.Status);
        Assert.Equal(NotifierVerdict.Ok, _context.Host.Notifier.GoingOnline(0x100000, 0x8000));
    }
}
