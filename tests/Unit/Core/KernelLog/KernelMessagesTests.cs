// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Core.KernelLog;

/// <summary>What the kernel prints, to the letter.</summary>
public sealed class KernelMessagesTests
{
    private static string Say(KernelLine line, KernelPolicy? rules = null, ulong b = 0x12, ulong c = 0x345, ulong d = 0x6789) =>
        TraceEvent.OfLog(line, b, c, d).Log.Print((rules ?? KernelPolicy.Merged).Messages);

    public static TheoryData<int> Rows => [.. Enumerable.Range(0, KernelMessages.Table.Count)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void WhatARowPrintsIsReadBackByIt(int index)
    {
        var row = KernelMessages.Table[index];
        var printed = row.Print(1, 2, 3);
        var read = KernelMessages.Read("[    1.000000] " + printed + " ");
        Assert.NotNull(read);
        Assert.Equal((row, printed), (read.Template, read.Template.Prefix + read.Text));
        Assert.Equal(printed, row.Print(read.First, read.Second, read.Third));
        Assert.True(read.IsClosed);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void TheFormatOfARowIsRecognised(int index)
    {
        var row = KernelMessages.Table[index];
        var plain = KernelMessages.Plain(row.Prefix + row.Text + "\n");
        Assert.Equal(row.IsFormat ? row : null, KernelMessages.Recognise(plain));
    }

    [Fact]
    public void EveryLineHasARowAndRowsOfALineAreOfOneLevel()
    {
        Assert.Equal(
            Enum.GetValues<KernelLine>().Where(static l => l != KernelLine.Other),
            KernelMessages.Table.Select(static r => r.Line).Distinct().Order());
        Assert.All(KernelMessages.Table, static r => Assert.Equal(r.Line.Level(), r.Level));
    }

    [Fact]
    public void AReleaseHasOneSpellingOfALine()
    {
        Version[] releases = [new(6, 8), new(6, 12), new(6, 13), new(7, 0), new(7, 1), new(7, 3)];
        Assert.All(releases, static release => Assert.Empty(
            KernelMessages.Table.Where(r => r.IsFormat && r.IsOf(release) && r.Line != KernelLine.ModuleNotLoaded)
                .GroupBy(static r => r.Line).Where(static g => g.Count() > 1)));
    }

    [Theory]
    [InlineData("module initialized", KernelLine.ModuleInitialized)]
    [InlineData("virt/tdx: TDX-Module initialization failed (%i)\n", KernelLine.ModuleFailed)]
    [InlineData("virt/tdx: SEAMCALL (0x%llx) failed: 0x%llx\n", KernelLine.SeamcallFailed)]
    [InlineData("virt/tdx: initialization failed: %s\n", null)]
    [InlineData("virt/tdx: something else %d\n", null)]
    public void WidthsAreTheKernelsOwnBusiness(string format, KernelLine? line) =>
        Assert.Equal(line, KernelMessages.Recognise(KernelMessages.Plain(format))?.Line);

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
        var rules = HostProfile.SubsysInitcall.Policy;
        Assert.Equal("virt/tdx: Module version: 1.5.06", Say(KernelLine.ModuleVersion, rules, 1, 5, 6));
        Assert.Equal("virt/tdx: TDX-Module initialized", Say(KernelLine.ModuleInitialized, rules));
        Assert.Equal("virt/tdx: TDX-Module initialization failed (18)", Say(KernelLine.ModuleFailed, rules));
    }
}
