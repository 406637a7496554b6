// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Model.TdxHost;

/// <summary>What the kernel prints, to the letter.</summary>
public sealed class KernelMessagesTests
{
    private static string Say(KernelLine line, HostRules? rules = null, ulong b = 0x12, ulong c = 0x345, ulong d = 0x6789) =>
        KernelMessages.Format(TraceEvent.OfLog(line, b, c, d), rules ?? HostRules.Merged);

    [Theory]
    [InlineData(KernelLine.BiosEnabled, "BIOS enabled: private KeyID range [18, 837)")]
    [InlineData(KernelLine.DisableS3, "Disable ACPI S3. Turn off TDX in the BIOS to use ACPI S3.")]
    [InlineData(KernelLine.TooFewKeyIds, "initialization failed: too few private KeyIDs available.")]
    [InlineData(KernelLine.HibernationEnabled, "initialization failed: Hibernation support is enabled")]
    [InlineData(KernelLine.SeamcallFailed, "SEAMCALL (0x0000000000000012) failed: 0x0000000000000345")]
    [InlineData(KernelLine.SeamcallRegistersLow, "RCX 0x0000000000000012 RDX 0x0000000000000345 R08 0x0000000000006789")]
    [InlineData(KernelLine.SeamcallRegistersHigh, "R09 0x0000000000000012 R10 0x0000000000000345 R11 0x0000000000006789")]
    [InlineData(KernelLine.ModuleNotLoaded, "module not loaded")]
    [InlineData(KernelLine.TdmrsExhausted, "initialization failed: TDMRs exhausted.")]
    [InlineData(KernelLine.TdmrsNearLimit, "consumed TDMRs reaching limit: 18 used out of 837")]
    [InlineData(KernelLine.NoLocalNode, "TDMR [0x12, 0x345): unable to find local NUMA node for PAMT allocation, fallback to use node 0.")]
    [InlineData(KernelLine.ReservedAreasExhausted, "initialization failed: TDMR [0x12, 0x345): reserved areas exhausted.")]
    [InlineData(KernelLine.MemoryNotInCmr, "memory region [0x12, 0x345) is not TDX convertible memory.")]
    [InlineData(KernelLine.NoRbpModMissing, "frame pointer (RBP) clobber bug present, upgrade TDX module")]
    [InlineData(KernelLine.NoPlatform, "TDX not supported by the host platform")]
    [InlineData(KernelLine.DynamicPamt, "Enable Dynamic PAMT")]
    [InlineData(KernelLine.PamtAllocated, "18 KB allocated for PAMT")]
    [InlineData(KernelLine.ModuleInitialized, "module initialized")]
    public void EveryLineIsTheKernels(KernelLine line, string expected) => Assert.Equal("virt/tdx: " + expected, Say(line));

    [Theory]
    [InlineData(KernelLine.NotifierFailed, "initialization failed: register_memory_notifier() failed (-12)")]
    [InlineData(KernelLine.ModuleFailed, "module initialization failed (-12)")]
    public void AnErrnoIsNegative(KernelLine line, string expected) =>
        Assert.Equal("virt/tdx: " + expected, Say(line, b: unchecked((ulong)-Errno.Enomem)));

    [Fact]
    public void NewerKernelsSayTdxModule()
    {
        var rules = HostProfile.SubsysInitcall.Rules;
        Assert.Equal("virt/tdx: Module version: 1.5.06", Say(KernelLine.ModuleVersion, rules, 1, 5, 6));
        Assert.Equal("virt/tdx: TDX-Module initialized", Say(KernelLine.ModuleInitialized, rules));
        Assert.Equal("virt/tdx: TDX-Module initialization failed (18)", Say(KernelLine.ModuleFailed, rules));
    }

    [Fact]
    public void ProfilesDifferFromTheMergedKernelInWhatTheyAreNamedAfter()
    {
        Assert.Equal(["merged", "merged-6.8", "sys-info", "subsys-initcall", "subsys-initcall-7.3", "dynamic-pamt", "cmr-holes", "cmr-holes-v8.2"], HostProfile.All.Select(static p => p.Name));
        Assert.All(HostProfile.All, static p => Assert.NotEmpty(p.Summary));
        Assert.Equal(
            ["- - - - -", "- - - - -", "early - - rbp -", "early list says rbp -", "early list says rbp -", "early list says rbp dynamic", "- - - - -", "early - - - -"],
            HostProfile.All.Select(static p => string.Join(
                ' ',
                p.Rules.ReadsModuleFirst ? "early" : "-",
                p.Rules.BuildsListDuringBoot ? "list" : "-",
                p.Rules.SaysTdxModule ? "says" : "-",
                p.Rules.RequiresNoRbpMod ? "rbp" : "-",
                p.Rules.DynamicPamt ? "dynamic" : "-")));
        Assert.Equal([false, false, false, false, false, false, false, true], HostProfile.All.Select(static p => p.Rules.RequiresSingleCmr));
    }
}
