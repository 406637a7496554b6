// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/*
 *  4G      4.25G        4.5G       5G                   6G
 *  |######## PAMT 0 ###### hole |###################|      two TDMRs, PAMT 1 behind PAMT 0
 */
public sealed class MachineCheckTests
{
    private const ulong Pamt = (4 * G) + (256 * M);
    private const ulong Hole = (4 * G) + (512 * M);
    private const ulong PamtBytes = 1027 * 4096;

    private readonly TestMachine _machine = WithRam((4 * G, Hole, 0), (5 * G, 6 * G, 1)).WithCmr(4 * G, 6 * G)
        .WithPamtsAt(Pamt / 4096, (Pamt + PamtBytes) / 4096);

    [Theory]
    [InlineData(Pamt, 1)]
    [InlineData(Pamt + 0x123, 1)]
    [InlineData(Pamt + PamtBytes - 1, 1)]
    [InlineData(Pamt + (2 * PamtBytes) - 1, 1)]
    [InlineData(Pamt + (2 * PamtBytes), 0)]
    [InlineData(Pamt - 1, 0)]
    [InlineData(Hole, 0)]
    [InlineData(4 * G, 0)]
    [InlineData(5 * G, 0)]
    [InlineData(6 * G, 0)]
    [InlineData(G, 0)]
    public void OnlyPamtsArePrivateWithoutGuests(ulong address, int isPrivate) =>
        Assert.Equal(isPrivate, Check(address).Trace.ResultOf(StepKind.MachineCheck));

    [Fact]
    public void ReadyMachineReadsNoFreedMemory() => Assert.Equal(0, Check(Hole).Trace.ReadsAfterFree);

    [Fact]
    public void ModuleThatIsNotReadyKnowsNothing()
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysKeyConfig, 1, 1, TdxStatus.SysBusy));
        var run = Check(Pamt);
        Assert.Equal((0, 0), (run.Trace.ResultOf(StepKind.MachineCheck), run.Trace.ReadsAfterFree));
        Assert.Equal(0xC000050500000000, run.Trace.Events[^1].Seamcall.Status);
    }

    [Fact]
    public void MachineCheckAfterAFailedTdmrInitReadsTheFreedBuffer()
    {
        FailSecondTdmr();
        Assert.True(Check(Hole).Trace.ReadsAfterFree > 0);
    }

    [Fact]
    public void PlainPageAfterAFailureDoesNotReachTheBuffer()
    {
        FailSecondTdmr();
        var run = Check(4 * G);
        Assert.Equal((0, 0UL), (run.Trace.ReadsAfterFree, run.Trace.Events[^1].Seamcall.Status));
    }

    [Fact]
    public void FailedReadIsNeitherRepeatedNorPrinted()
    {
        _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.PhymemPageRdmd, 1, 100, TdxStatus.RndNoEntropy));
        var run = Check(Pamt);
        Assert.Equal((0, 1), (run.Trace.ResultOf(StepKind.MachineCheck), run.Trace.SeamcallsOf(SeamcallLeaf.PhymemPageRdmd)));
        Assert.Equal(0, run.Trace.LogLines(LogLevel.Error));
    }

    [Fact]
    public void AddressIsRoundedDownToItsPage() => Assert.Equal(Pamt, Check(Pamt + 0xfff).Trace.Events[^1].Seamcall.Rcx);

    [Fact]
    public void WithoutThePlatformNoSeamcallIsMade()
    {
        _machine.Scenario.Machine.KeyIds = new KeyIdPartition(31, 0);
        var run = Check(Pamt);
        Assert.Equal((0, 0), (run.Trace.ResultOf(StepKind.MachineCheck), run.Trace.Seamcalls));
    }

    private void FailSecondTdmr() => _machine.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysTdmrInit, 2, 1, TdxStatus.SysBusy));

    private ModelHost Check(ulong address) => _machine.Then(StepKind.MachineCheck, address).RunOn(ModuleProfile.V1_5);
}
