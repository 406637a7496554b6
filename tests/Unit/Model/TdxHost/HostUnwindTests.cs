// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Subjects;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/*
 *  0         512M   768M   1G            4G       5G     two TDMRs, three entries of the list
 *  |.#########|......|######|            |########|      kmalloc: 1 2 3 entries, 4 array, 5 package mask
 */
public sealed class HostUnwindTests
{
    private const ulong PamtBytes = 1027 * 4096;

    private readonly TestMachine _machine = WithRam((M, 512 * M, 0), (768 * M, G, 0), (4 * G, 5 * G, 1));

    public HostUnwindTests()
    {
        _machine.Choices.Cpus = 4;
        _machine.Choices.CpusPerPackage = 2;
        _machine.Choices.TdmrInitStep = G / 2;
    }

    [Fact]
    public void WithoutFaultEveryAllocationButTheListAndPamtsIsFreed()
    {
        var run = _machine.Run();
        Assert.Equal(0, run.Enabled());
        Assert.Equal([3, 0, 0, 1, 2, 0], Sites().Select(run.Environment.Live));
        Assert.Equal((5, 1, 0UL), (run.Trace.Kmallocs, run.Trace.Flushes, run.Trace.ResetBytes));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    public void FailedKmalloc(int nth, int flushes)
    {
        _machine.Faults.FailingKmalloc = nth;
        AssertUnwound(_machine.Run(), -12, flushes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void FailedPamt(int nth)
    {
        _machine.Faults.FailingContig = nth;
        AssertUnwound(_machine.Run(), -12, 0);
    }

    [Fact]
    public void FailedTdmrBuffer()
    {
        _machine.Faults.FailingPagesExact = 1;
        AssertUnwound(_machine.Run(), -12, 0);
    }

    // Flushes: one before KEY.CONFIG, one more on the way out.
    [Theory]
    [InlineData(SeamcallLeaf.SysRd, 1, 0)]
    [InlineData(SeamcallLeaf.SysRd, 2, 0)]
    [InlineData(SeamcallLeaf.SysRd, 3, 0)]
    [InlineData(SeamcallLeaf.SysRd, 4, 0)]
    [InlineData(SeamcallLeaf.SysRd, 5, 0)]
    [InlineData(SeamcallLeaf.SysConfig, 1, 0)]
    [InlineData(SeamcallLeaf.SysKeyConfig, 1, 2)]
    [InlineData(SeamcallLeaf.SysKeyConfig, 2, 2)]
    [InlineData(SeamcallLeaf.SysTdmrInit, 1, 2)]
    [InlineData(SeamcallLeaf.SysTdmrInit, 2, 2)]
    [InlineData(SeamcallLeaf.SysTdmrInit, 3, 2)]
    [InlineData(SeamcallLeaf.SysTdmrInit, 4, 2)]
    public void FailedSeamcall(ulong leaf, int nth, int flushes)
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(leaf, nth, 1, TdxStatus.SysBusy));
        var run = _machine.Run();
        AssertUnwound(run, -5, flushes);
        Assert.Equal(nth, run.Trace.SeamcallsOf(leaf));
        Assert.Equal(1, run.Trace.CountOf(KernelLine.SeamcallFailed));
    }

    [Theory]
    [InlineData(0x8000FF00FFFF0000, -19)]
    [InlineData(0x8000FF000000000D, -95)]
    [InlineData(0x8000FF0000000006, -13)]
    public void ErrnoOfAFailedConfigIsReturnedAndPrinted(ulong status, int errno)
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysConfig, 1, 1, status));
        AssertUnwound(_machine.Run(), errno, 0);
    }

    [Fact]
    public void ReservedAreasThatRunOutFreeEveryPamt()
    {
        // 16 islands: a hole in front, 15 between, one behind.
        var islands = Enumerable.Range(1, 16).Select(static i => ((ulong)i * 16 * M, ((ulong)i * 16 * M) + M, 0)).ToArray();
        var run = WithRam(islands).Run();
        AssertUnwound(run, -28, 0);
        Assert.Single(run.Trace.Allocations(AllocationSite.Pamt));
    }

    [Fact]
    public void TdmrsThatRunOutNeverAskForPamts()
    {
        var run = WithRam([.. Enumerable.Range(0, 65).Select(static i => ((ulong)(i + 4) * G, ((ulong)(i + 4) * G) + (16 * M), i % 2))]).Run();
        AssertUnwound(run, -28, 0);
        Assert.Empty(run.Trace.Allocations(AllocationSite.Pamt));
    }

    [Fact]
    public void SecondPackageIsNotTriedAfterTheFirstFailed()
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysKeyConfig, 1, 1, TdxStatus.KeyGenerationFailed));
        Assert.Equal(1, _machine.Run().Trace.SeamcallsOf(SeamcallLeaf.SysKeyConfig));
    }

    [Fact]
    public void ResetComesAfterTheFlushAndBeforeTheFree()
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysTdmrInit, 1, 1, TdxStatus.SysBusy));
        var order = _machine.Run().Trace.Events
            .Where(static e => e.Kind is TraceEventKind.Flush or TraceEventKind.Reset || (e.IsAt(TraceEventKind.Free, AllocationSite.Pamt)))
            .Select(static e => e.Kind);
        Assert.Equal(
            [
                TraceEventKind.Flush, TraceEventKind.Flush, TraceEventKind.Reset, TraceEventKind.Reset, TraceEventKind.Free, TraceEventKind.Free,
            ],
            order);
    }

    [Fact]
    public void ResetCoversExactlyThePamts()
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysTdmrInit, 1, 1, TdxStatus.SysBusy));
        var run = _machine.Run();
        var pamts = run.Tdmrs.Tdmrs.Select(static t => (t.PamtChunk.Start, t.PamtChunk.Size));
        Assert.Equal(pamts, run.Trace.Events.Where(static e => e.Kind == TraceEventKind.Reset).Select(static e => (e.Reset.Start, e.Reset.Size)));
    }

    private static AllocationSite[] Sites() => Enum.GetValues<AllocationSite>();

    private static void AssertUnwound(ModelHost run, int errno, int flushes)
    {
        Assert.Equal(errno, run.Enabled());
        Assert.All(Sites(), site => Assert.Equal(0, run.Environment.Live(site)));
        Assert.Equal((0, 0, 0), (run.Trace.BadFrees, run.Trace.ReadsAfterFree, run.Trace.Warnings));
        Assert.Empty(run.Memlist);
        Assert.Equal(TdxModuleStatus.Error, run.Status);
        Assert.Equal(errno, run.Trace.Line(KernelLine.ModuleFailed).Log.Errno);
        Assert.Equal(0, run.Trace.CountOf(KernelLine.ModuleInitialized));
        Assert.Equal(flushes, run.Trace.Flushes);
        Assert.Equal(flushes == 0 ? 0 : 2 * PamtBytes, run.Trace.ResetBytes);
        Assert.Equal(Count(run, TraceEventKind.Lock), Count(run, TraceEventKind.Unlock));
    }

    private static int Count(ModelHost run, TraceEventKind kind) => run.Trace.Events.Count(e => e.Kind == kind);
}
