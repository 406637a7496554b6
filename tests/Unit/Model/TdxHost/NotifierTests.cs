// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Seamcall;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/*
 *  1M      1G       2G        3G      4G       page frames 0x100, 0x40000, 0x80000, 0xc0000, 0x100000
 *  | node 0 | node 1 |  hole   | node 0 |
 */
public sealed class NotifierTests
{
    private const int Ok = 0;
    private const int Bad = -Errno.Eperm;

    private readonly TestMachine _machine = WithRam((0, G, 0), (G, 2 * G, 1), (3 * G, 4 * G, 0));

    [Theory]
    [InlineData(0x8000, 0x8000, Ok)]
    [InlineData(0x100, 0x3ff00, Ok)]
    [InlineData(0x38000, 0x8000, Ok)]
    [InlineData(0x40000, 0x8000, Ok)]
    [InlineData(0x40000, 0x40000, Ok)]
    [InlineData(0xc0000, 1, Ok)]
    [InlineData(0xfffff, 1, Ok)]
    [InlineData(0x3c000, 0x8000, Bad)]
    [InlineData(0x0, 0x8000, Bad)]
    [InlineData(0xff, 2, Bad)]
    [InlineData(0x7c000, 0x8000, Bad)]
    [InlineData(0x80000, 0x8000, Bad)]
    [InlineData(0xbffff, 2, Bad)]
    [InlineData(0xfffff, 2, Bad)]
    [InlineData(0x100000, 0x8000, Bad)]
    public void BlockGoesOnlineOnlyInsideOneEntry(ulong start, ulong pages, int result) =>
        Assert.Equal(result, _machine.Then(StepKind.GoingOnline, start, pages).Run().Trace.ResultOf(StepKind.GoingOnline));

    [Fact]
    public void EverythingGoesOnlineBeforeTdxIsEnabled()
    {
        _machine.Scenario.Steps.Insert(0, Step.GoingOnline(0x80000, 0x8000));
        Assert.Equal(Ok, _machine.Run().Trace.ResultOf(StepKind.GoingOnline));
    }

    [Fact]
    public void EverythingGoesOnlineAfterAFailure()
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysTdmrInit, 1, 1, TdxStatus.SysBusy));
        var run = _machine.Then(StepKind.GoingOnline, 0x80000, 0x8000).Run();
        Assert.Equal((-5, Ok), (run.Enabled(), run.Trace.ResultOf(StepKind.GoingOnline)));
    }

    [Fact]
    public void MemoryAddedLaterStaysOffline()
    {
        var run = _machine.Then(StepKind.AddMemory, 4 * G, 2 * G).Then(StepKind.GoingOnline, 0x100000, 0x8000).Run();
        Assert.Equal((0, Bad), (run.Trace.ResultOf(StepKind.AddMemory), run.Trace.ResultOf(StepKind.GoingOnline)));
    }

    [Fact]
    public void MemoryAddedBeforeGoesOnline()
    {
        _machine.Scenario.Steps.Insert(0, Step.OnMemory(StepKind.AddMemory, 4 * G, 2 * G, 1));
        Assert.Equal(Ok, _machine.Then(StepKind.GoingOnline, 0x100000, 0x80000).Run().Trace.ResultOf(StepKind.GoingOnline));
    }

    [Fact]
    public void ListDoesNotChangeWhenMemoryIsAdded()
    {
        var before = _machine.Run().Memlist;
        Assert.Equal(3, before.Count);
        Assert.Equal(before, _machine.Then(StepKind.AddMemory, 4 * G, 2 * G).Run().Memlist);
    }
}
