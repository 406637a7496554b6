// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;

namespace TdxVerify.Tests.Unit.Scenarios.Lines;

public sealed class TdxLinesTests
{
    private static Scenario Read(params string[] lines) => LogText.Read(LogText.Map + string.Join('\n', lines), isStrict: true).Scenario;

    private static Observed Observed(params string[] lines) => Read(lines).Observed;

    [Theory]
    [InlineData("virt/tdx: ")]
    [InlineData("tdx: ")]
    public void PrefixOfMergedAndOffTreeCode(string prefix)
    {
        var scenario = Read(prefix + "BIOS enabled: private KeyID range [16, 64)");
        Assert.Equal(new KeyIdPartition(15, 48), scenario.Machine.KeyIds);
        Assert.True(scenario.Observed.MentionsTdx);
    }

    [Fact]
    public void LogWithoutTdxLinesDoesNotMentionIt() => Assert.False(Observed("Zone ranges:").MentionsTdx);

    [Theory]
    [InlineData("virt/tdx: CMR: [0x100000, 0x77800000)")]
    [InlineData("tdx: CMR[0]: [0x100000, 0x77800000)")]
    [InlineData("virt/tdx: CMR[31]: [0x100000, 0x77800000)")]
    public void CmrsAreHalfOpen(string line) => Assert.Equal([new Cmr(0x100000, 0x77700000)], Read(line).Machine.Cmrs);

    [Fact]
    public void CmrsStayInOrder() =>
        Assert.Equal([0x1000UL, 0x100000UL], Read("virt/tdx: CMR: [0x1000, 0xa0000)", "virt/tdx: CMR: [0x100000, 0x200000)").Machine.Cmrs.Select(static c => c.Base));

    [Theory]
    [InlineData("TDX module: attributes 0x0, vendor_id 0x8086, major_version 1, minor_version 5, build_date 20240129, build_num 698", 1, 5)]
    [InlineData("TDX module 2.0.08.00, build number 882, build date 0134fed5", 2, 0)]
    [InlineData("Module version: 1.5.24", 1, 5)]
    public void ModuleVersionIsReadInEverySpelling(string line, int major, int minor) =>
        Assert.Equal(new ModuleVersion(major, minor), Read("virt/tdx: " + line).Machine.Module);

    [Theory]
    [InlineData("1050644 KB allocated for PAMT", 1050644)]
    [InlineData("1050644 KBs allocated for PAMT", 1050644)]
    [InlineData("1050644 KBs allocated for PAMT.", 1050644)]
    [InlineData("262659 pages allocated for PAMT.", 1050636)]
    public void PamtIsKbOrPages(string line, ulong kb) => Assert.Equal(kb, Observed("virt/tdx: " + line).PamtKb);

    [Theory]
    [InlineData("module initialized", false)]
    [InlineData("TDX module initialized.", false)]
    [InlineData("TDX-Module initialized", true)]
    public void SuccessIsReadInEverySpelling(string line, bool isSubsysInitcall)
    {
        var observed = Observed("virt/tdx: " + line);
        Assert.Equal((ObservedOutcome.Initialized, 0, isSubsysInitcall), (observed.Outcome, observed.Errno, observed.SubsysInitcallWording));
    }

    [Theory]
    [InlineData("module initialization failed (-28)", -28, false)]
    [InlineData("TDX module initialization failed (-28)", -28, false)]
    [InlineData("TDX-Module initialization failed (-5)", -5, true)]
    [InlineData("initialization failed (-19)", -19, false)]
    public void FailureIsReadInEverySpelling(string line, int errno, bool isSubsysInitcall)
    {
        var observed = Observed("virt/tdx: " + line);
        Assert.Equal((ObservedOutcome.Failed, errno, isSubsysInitcall), (observed.Outcome, observed.Errno, observed.SubsysInitcallWording));
    }

    [Theory]
    [InlineData("TDMR [0x0, 0x80000000): reserved areas exhausted.", KernelLine.ReservedAreasExhausted)]
    [InlineData("TDMR [0x0, 0x800 reserved areas exhausted", KernelLine.ReservedAreasExhausted)]
    [InlineData("TDMRs exhausted.", KernelLine.TdmrsExhausted)]
    [InlineData("too few private KeyIDs available.", KernelLine.TooFewKeyIds)]
    [InlineData("too few private KeyIDs av", KernelLine.TooFewKeyIds)]
    [InlineData("Hibernation support is enabled", KernelLine.HibernationEnabled)]
    [InlineData("register_memory_notifier() failed (-12)", KernelLine.NotifierFailed)]
    [InlineData("TDX is not enabled by BIOS.", KernelLine.NotEnabledByBios)]
    [InlineData("the moon is full", KernelLine.OtherFailure)]
    public void ReasonOfAFailureIsKept(string reason, KernelLine line)
    {
        var observed = Observed("virt/tdx: initialization failed: " + reason);
        Assert.Equal((ObservedOutcome.Failed, line), (observed.Outcome, observed.Reason?.Line));
        Assert.Equal(reason, observed.Reason?.Text);
    }

    [Fact]
    public void ReasonAndErrnoStandTogether()
    {
        var observed = Observed("virt/tdx: initialization failed: TDMRs exhausted.", "virt/tdx: module initialization failed (-28)");
        Assert.Equal((ObservedOutcome.Failed, -28), (observed.Outcome, observed.Errno));
        Assert.Equal((KernelLine.TdmrsExhausted, "TDMRs exhausted."), (observed.Reason?.Line, observed.Reason?.Text));
    }

    [Theory]
    [InlineData("module not loaded")]
    [InlineData("TDX module is not loaded")]
    [InlineData("TDX module is not loaded.")]
    [InlineData("not enabled by BIOS.")]
    public void MissingModuleIsNoFailureOfTheHost(string line)
    {
        var observed = Observed("virt/tdx: " + line);
        Assert.Equal((ObservedOutcome.NoModule, line), (observed.Outcome, observed.Reason?.Text));
    }

    [Theory]
    [InlineData("SEAMCALL (0x0000000000000022) failed: 0xc000050500000000", 0x22, 0xc000050500000000)]
    [InlineData("SEAMCALL (0x22) failed: 0xc000050500000000", 0x22, 0xc000050500000000)]
    [InlineData("SEAMCALL failed: CPU 94: leaf 33, error 0xc000092100000122.", 33, 0xc000092100000122)]
    [InlineData("SEAMCALL failed: leaf 45, error 0xc000010000000001.", 45, 0xc000010000000001)]
    public void FailedSeamcallIsReadInEverySpelling(string line, ulong leaf, ulong status)
    {
        var observed = Observed("virt/tdx: " + line);
        Assert.Equal((ObservedOutcome.Failed, leaf, status), (observed.Outcome, observed.FailedLeaf, observed.FailedStatus));
    }

    [Theory]
    [InlineData("RCX 0x0000000000000000 RDX 0x9100000100000008 R08 0x0000000000000000")]
    [InlineData("consumed TDMRs reaching limit: 63 used out of 64")]
    [InlineData("TDMR [0x0, 0x80000000): unable to find local NUMA node for PAMT allocation, fallback to use node 0.")]
    [InlineData("Disable ACPI S3. Turn off TDX in the BIOS to use ACPI S3.")]
    public void RemarksAreNoOutcome(string line)
    {
        var observed = Observed("virt/tdx: " + line);
        Assert.Equal((ObservedOutcome.NotSeen, null, null), (observed.Outcome, observed.Reason, observed.FailedLeaf));
    }

    [Fact]
    public void DynamicPamtIsSeen() => Assert.True(Observed("virt/tdx: Enable Dynamic PAMT").DynamicPamt);

    [Fact]
    public void MoreCmrsThanTheModuleHasSlotsAreReported()
    {
        var text = LogText.Map + string.Concat(Enumerable.Range(0, 33).Select(static i => $"virt/tdx: CMR: [0x{i:x}00000, 0x{i:x}80000)\n"));
        var file = LogText.Read(text);
        Assert.Equal((Cmr.MaxSlots, 1), (file.Scenario.Machine.Cmrs.Count, file.Diagnostics.Count));
    }
}
