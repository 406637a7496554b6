// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;
using TdxVerify.Reporting;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Diagnosis;

/// <summary>A log whose memory is fine and whose kernel says that firmware, KeyIDs or hibernation keep TDX off.</summary>
public sealed class PlatformFailureTests
{
    [Theory]
    [InlineData("virt/tdx: module not loaded", -19, "the TDX module was not loaded: the BIOS did not load the P-SEAMLDR or the module.")]
    [InlineData("virt/tdx: initialization failed: Hibernation support is enabled", -19, "the kernel says: Hibernation support is enabled")]
    [InlineData("virt/tdx: initialization failed: too few private KeyIDs available.", -19, "the kernel says: too few private KeyIDs available.")]
    [InlineData("virt/tdx: SEAMCALL (0x0000000000000021) failed: 0x8000020200000000", -5,
        "TDH.SYS.INIT refuses the platform with 0x8000020200000000 (TDX_SYS_BUSY): firmware and module don't fit, usually an old BIOS.")]
    public void FailsAlthoughTheMemoryWouldPass(string line, int errno, string reason)
    {
        var explanation = Simple().Line(line).Explain();
        Assert.Equal((true, true, errno), (explanation.Fails, explanation.FailsOnPlatform, explanation.Errno));
        Assert.Equal(0, explanation.Prediction.Errno);
        Assert.Equal(reason, explanation.Reason);
        Assert.Equal(
            "boot.log: TDX failed before its memory mattered; the memory would pass, with 24632 KB of PAMT",
            ExplainText.Write(explanation)[0].Text);
    }

    [Fact]
    public void SuccessIsNoPlatformFailure() =>
        Assert.False(Simple().Line("virt/tdx: module initialized").Explain().FailsOnPlatform);

    [Fact]
    public void AFailureOfMemoryIsNoPlatformFailure() =>
        Assert.False(Simple().Line("virt/tdx: module initialization failed (-28)").Explain().FailsOnPlatform);

    [Fact]
    public void MemoryAddedAfterAListOfBootCanNotGoOnline()
    {
        var added = new ExplainOptions(HostProfile.SubsysInitcall, null, [Step.OnMemory(StepKind.AddMemory, 8 * G, G)]);
        var explanation = Simple().Explain(added);
        Assert.DoesNotContain(explanation.Prediction.Memlist, static e => e.Bytes.End > 8 * G);
        Assert.Contains(explanation.Later, static l => l.Range.Start == 8 * G && l.Range.Size == G);
    }

    [Fact]
    public void MemoryAddedBeforeTdxIsEnabledIsInTheList()
    {
        var added = new ExplainOptions(HostProfile.Merged, null, [Step.OnMemory(StepKind.AddMemory, 8 * G, G)]);
        var explanation = Simple().Cmr(8 * G, 9 * G).Explain(added);
        Assert.Contains(explanation.Prediction.Memlist, static e => e.Bytes.End == 9 * G);
        Assert.DoesNotContain(explanation.Later, static l => l.Range.Start == 8 * G);
    }

    private static KernelLog Simple() => KernelLog.Usual().Ram(M, 2 * G).Ram(4 * G, 8 * G).Cmr(M, 2 * G).Cmr(4 * G, 8 * G);
}
