// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

public sealed class HostInitTests
{
    private const ulong NoEntropy = 0x8000020300000000;

    private readonly HostContext _context = new();

    [Theory]
    [InlineData(0x8000FF00FFFF0000, -19)]
    [InlineData(0x8000FF000000000D, -95)]
    [InlineData(0x8000FF0000000006, -13)]
    [InlineData(0xC000050000000000, -5)]
    [InlineData(0x8000020200000000, -5)]
    [InlineData(0x0000081500000000, -5)]
    public void StatusBecomesErrno(ulong status, int errno)
    {
        Script(SeamcallLeaf.SysInit, 1, status);
        Assert.Equal(errno, _context.BringUp());
        Assert.Equal(1, _context.Trace.Seamcalls);
    }

    [Theory]
    [InlineData(0x8000FF00FFFF0000, 0)]
    [InlineData(0x8000FF000000000D, 0)]
    [InlineData(0x8000FF0000000006, 0)]
    [InlineData(0xC000050000000000, 1)]
    public void OnlyAStatusOfTheModuleIsPrinted(ulong status, int lines)
    {
        Script(SeamcallLeaf.SysInit, 1, status);
        _context.BringUp();
        Assert.Equal(lines, _context.Trace.CountOf(KernelLine.SeamcallFailed));
    }

    [Fact]
    public void MissingModuleIsSaidOnce()
    {
        Script(SeamcallLeaf.SysInit, 1, TdxStatus.SeamcallVmFailInvalid);
        _context.BringUp();
        _context.Host.CpuEnable(1);
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.ModuleNotLoaded));
    }

    [Fact]
    public void EntropyIsAskedForTenTimes()
    {
        Script(SeamcallLeaf.SysInit, 100, NoEntropy);
        Assert.Equal(-5, _context.BringUp());
        Assert.Equal(10, _context.Trace.SeamcallsOf(SeamcallLeaf.SysInit));
        Assert.Equal(NoEntropy, _context.Trace.Line(KernelLine.SeamcallFailed).Log.Second);
    }

    [Fact]
    public void TenthCallMayStillSucceed()
    {
        Script(SeamcallLeaf.SysConfig, 9, NoEntropy);
        Assert.Equal(0, _context.BringUp());
        Assert.Equal(10, _context.Trace.SeamcallsOf(SeamcallLeaf.SysConfig));
        Assert.Equal(0, _context.Trace.LogLines(LogLevel.Error));
    }

    [Theory]
    [InlineData(0x8000020200000000)]
    [InlineData(0x80000200000000BB)]
    [InlineData(0x8000080000000000)]
    public void OtherRetryableStatusesAreNotRepeated(ulong status)
    {
        Script(SeamcallLeaf.SysKeyConfig, 1, status);
        Assert.Equal(-5, _context.BringUp());
        Assert.Equal(1, _context.Trace.SeamcallsOf(SeamcallLeaf.SysKeyConfig));
    }

    [Fact]
    public void SysInitRunsOnceForAllCpus()
    {
        _context.Host.Init(KeyIdPartition.Usual);
        Assert.Equal([0, 0, 0], Enumerable.Range(0, 3).Select(_context.Host.CpuEnable));
        Assert.Equal([33UL, 35, 35, 35], _context.Trace.Leaves());
    }

    [Fact]
    public void FailedSysInitIsRememberedForEveryCpu()
    {
        Script(SeamcallLeaf.SysInit, 1, TdxStatus.SysBusy);
        _context.Host.Init(KeyIdPartition.Usual);
        Assert.Equal([-5, -5, -5], new[] { 0, 1, 0 }.Select(_context.Host.CpuEnable));
        Assert.Equal([33UL], _context.Trace.Leaves());
    }

    [Fact]
    public void InitialisedCpuIsNotInitialisedAgain()
    {
        _context.Host.Init(KeyIdPartition.Usual);
        Assert.Equal([0, 0], new[] { 2, 2 }.Select(_context.Host.CpuEnable));
        Assert.Equal(1, _context.Trace.SeamcallsOf(SeamcallLeaf.SysLpInit));
    }

    [Fact]
    public void FailedLpInitMayBeRepeated()
    {
        Script(SeamcallLeaf.SysLpInit, 1, TdxStatus.SysBusy);
        _context.Host.Init(KeyIdPartition.Usual);
        Assert.Equal([-5, 0], new[] { 0, 0 }.Select(_context.Host.CpuEnable));
        Assert.Equal(1, _context.Trace.SeamcallsOf(SeamcallLeaf.SysInit));
    }

    [Fact]
    public void SecondEnableAfterSuccessDoesNothing()
    {
        Assert.Equal(0, _context.BringUp());
        var before = _context.Trace.Seamcalls;
        Assert.Equal(0, _context.Host.Enable(_context.Memblock));
        Assert.Equal(before, _context.Trace.Seamcalls);
        Assert.Equal(TdxModuleStatus.Initialized, _context.Host.Status);
    }

    [Fact]
    public void EnableAfterFailureIsRefusedForEver()
    {
        Script(SeamcallLeaf.SysConfig, 1, TdxStatus.SysBusy);
        Assert.Equal(-5, _context.BringUp());
        var before = _context.Trace.Seamcalls;
        Assert.Equal([-22, -22], new[] { _context.Memblock, _context.Memblock }.Select(_context.Host.Enable));
        Assert.Equal(before, _context.Trace.Seamcalls);
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.ModuleFailed));
    }

    [Fact]
    public void LeavesComeInTheOrderOfTheKernel()
    {
        Assert.Equal(0, _context.BringUp());
        Assert.Equal([33UL, 35, 34, 34, 34, 34, 34, 45, 31, 36], _context.Trace.Leaves());
    }

    [Fact]
    public void FiveLimitsAreReadInTheOrderOfTheKernel()
    {
        _context.BringUp();
        ulong[] fields = [0x9100000100000008, 0x9100000100000009, 0x9100000100000010, 0x9100000100000011, 0x9100000100000012];
        Assert.Equal(fields, _context.Module.Calls.Where(static c => c.Leaf == 34).Select(static c => c.Operands.Rdx));
    }

    [Fact]
    public void ConfigPassesTheArrayTheCountAndTheGlobalKeyId()
    {
        _context.BringUp();
        var operands = Assert.Single(_context.Module.Calls, static c => c.Leaf == 45).Operands;
        Assert.Equal((0UL, 1UL, 32UL), (operands.Rcx % 512, operands.Rdx, operands.R8));
    }

    // TDMR [0, 1G), memory [1M, 1G): one hole in front; PAMT: 4K table, 2M table, 1G table, one behind the other.
    [Fact]
    public void ModuleReadsTheTdmrThatTheHostFilledIn()
    {
        _context.BringUp();
        var tdmr = Assert.Single(_context.Module.Tdmrs);
        var small = tdmr.PamtBase(PamtLevel.Level4K);
        Assert.Equal((0UL, G), (tdmr.Base, tdmr.Size));
        Assert.Equal((4 * M, 8 * K, 4 * K), (tdmr.PamtSize(PamtLevel.Level4K), tdmr.PamtSize(PamtLevel.Level2M), tdmr.PamtSize(PamtLevel.Level1G)));
        Assert.Equal((small + (4 * M), small + (4 * M) + (8 * K)), (tdmr.PamtBase(PamtLevel.Level2M), tdmr.PamtBase(PamtLevel.Level1G)));
        Assert.Equal((0UL, M, 0UL), (tdmr.Offset(0), tdmr.ReservedSize(0), tdmr.ReservedSize(1)));
    }

    [Theory]
    [InlineData(1, 1, new[] { 0 })]
    [InlineData(4, 2, new[] { 0, 2 })]
    [InlineData(3, 2, new[] { 0, 2 })]
    [InlineData(8, 2, new[] { 0, 2, 4, 6 })]
    public void KeyIsConfiguredOnTheFirstCpuOfEveryPackage(int cpus, int cpusPerPackage, int[] lps)
    {
        _context.Choices.Cpus = cpus;
        _context.Choices.CpusPerPackage = cpusPerPackage;
        Assert.Equal(0, _context.BringUp());
        Assert.Equal(lps, _context.Module.Calls.Where(static c => c.Leaf == 31).Select(static c => c.Lp));
    }

    [Fact]
    public void CachesAreFlushedBetweenConfigAndKeyConfig()
    {
        _context.BringUp();
        var order = _context.Trace.Events.Where(static e => e.Kind == TraceEventKind.Flush || (e.Kind == TraceEventKind.Seamcall && e.Seamcall.Leaf is 45 or 31))
            .Select(static e => e.Kind == TraceEventKind.Flush ? 0 : e.Seamcall.Leaf);
        Assert.Equal([45UL, 0, 31], order);
    }

    [Fact]
    public void FailedReadPrintsTheRegistersAndFailedConfigDoesNot()
    {
        Script(SeamcallLeaf.SysRd, 1, TdxStatus.SysNotReady);
        _context.BringUp();
        Assert.Equal((1, 1), (_context.Trace.CountOf(KernelLine.SeamcallRegistersLow), _context.Trace.CountOf(KernelLine.SeamcallRegistersHigh)));
        var other = new HostContext();
        other.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysConfig, 1, 1, TdxStatus.SysBusy));
        other.BringUp();
        Assert.Equal((1, 0), (other.Trace.CountOf(KernelLine.SeamcallFailed), other.Trace.CountOf(KernelLine.SeamcallRegistersLow)));
    }

    [Fact]
    public void MemoryHotplugIsLockedInsideTheModuleLockAndReleasedFirst()
    {
        _context.BringUp();
        var locks = _context.Trace.Events.Where(static e => e.Kind is TraceEventKind.Lock or TraceEventKind.Unlock && e.Lock != HostLock.Sysinit)
            .Select(static e => (e.Kind, e.Lock));
        Assert.Equal(
            [
                (TraceEventKind.Lock, HostLock.TdxModule), (TraceEventKind.Lock, HostLock.MemHotplugRead),
                (TraceEventKind.Unlock, HostLock.MemHotplugRead), (TraceEventKind.Unlock, HostLock.TdxModule),
            ],
            locks);
    }

    // 4 MiB + 8 KiB + 4 KiB.
    [Fact]
    public void PamtSizeIsPrintedInKb()
    {
        _context.BringUp();
        Assert.Equal(4108UL, _context.Trace.Line(KernelLine.PamtAllocated).Log.First);
        Assert.Equal(1, _context.Trace.CountOf(KernelLine.ModuleInitialized));
    }

    [Fact]
    public void TdmrInitIsRepeatedWithTheBaseUntilTheEnd()
    {
        var machine = WithRam((4 * G, 6 * G, 0));
        machine.Choices.TdmrInitStep = G / 2;
        var calls = machine.Run().Trace.Events.Where(static e => e.Kind == TraceEventKind.Seamcall && e.Seamcall.Leaf == 36).Select(static e => e.Seamcall.Rcx);
        Assert.Equal([4 * G, 4 * G, 4 * G, 4 * G], calls);
    }

    [Fact]
    public void MemlistIsTheMemoryAtEnableTime()
    {
        _context.BringUp();
        Assert.Equal([new PfnRange(256, G / 4096, 0)], _context.Host.Memlist.Entries.ToArray());
    }

    private void Script(ulong leaf, int times, ulong status) => _context.Faults.Seamcalls.Add(new SeamcallFault(leaf, 1, times, status));
}
