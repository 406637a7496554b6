// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Diagnosis;

/*
 *  The crowded machine: RAM [1G + 1M, 1G + 32M), islands 1 to 15 follow, each a hole of 1 MiB behind the last.
 *  |.########.####.####. ... .####.|        holes: in front, 15 between, behind: 17
 *  1G        1G+32M                2G       RAM [4G, 8G) takes the PAMTs
 */
public sealed class ExplanationTests
{
    private const ulong FirstEnd = G + (32 * M);
    private const ulong Stride = 60 * M;
    private const string OutsideCmrsReason =
        "TDH.SYS.CONFIG returns 0xc0000a0200000001 (TDX_TDMR_OUTSIDE_CMRS): memory [0x200000000, 0x240000000) is not convertible.";

    [Fact]
    public void SeventeenHolesBelow2GibFail()
    {
        var explanation = Crowded(5).Explain();
        Assert.Equal((-28, true), (explanation.Prediction.Errno, explanation.Fails));
        var tdmr = explanation.Prediction.Tdmrs[1];
        Assert.Equal((new AddressRange(G, 2 * G), 17, 0), (tdmr.Range, tdmr.Holes.Count, tdmr.Pamts.Count));
        Assert.Equal(
            "TDMR [0x40000000, 0x80000000) needs 17 reserved areas (17 for holes, 0 for PAMTs) and the module takes 16, before any PAMT is counted.",
            explanation.Reason);
    }

    [Fact]
    public void RemedyGivesUpTheSmallestIsland()
    {
        // Island 5 is 64 KiB at 1 GiB + 273 MiB.
        var remedy = Assert.Single(Crowded(5).Explain().Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.Equal(("memmap=64K$0x51100000", 65536UL), (remedy.Parameter, remedy.GivenUpBytes));
    }

    [Fact]
    public void LowestOfEqualIslandsIsGivenUp()
    {
        var remedy = Assert.Single(Crowded(9, 5).Explain().Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.Equal("memmap=64K$0x51100000", remedy.Parameter);
    }

    [Fact]
    public void RemedyOnTheCommandLineHelps()
    {
        var parameter = Crowded(5).Explain().Remedies.Single(static r => r.Kind == RemedyKind.GiveUpMemory).Parameter!;
        var helped = Fill(KernelLog.Usual(parameter), 5).Explain();
        Assert.False(helped.Fails);
        Assert.Equal(16, helped.Prediction.Tdmrs[1].Used);
        Assert.Empty(helped.Remedies);
    }

    [Fact]
    public void FilledHoleHelps() => Assert.False(Crowded().Ram(FirstEnd, FirstEnd + M).Explain().Fails);

    [Fact]
    public void KernelThatTakesHolesFromCmrsHelps()
    {
        var explanation = Crowded(5).Cmr(M, 2 * G).Cmr(4 * G, 8 * G).Explain();
        Assert.Contains(explanation.Remedies, static r => r.Kind == RemedyKind.Kernel && r.Parameter is null);
        var other = Crowded(5).Cmr(M, 2 * G).Cmr(4 * G, 8 * G).Explain(new ExplainOptions(HostProfile.CmrHoles, null, []));
        Assert.False(other.Fails);
    }

    [Fact]
    public void TwoFailingTdmrsNeedTwoPieces()
    {
        // 16 more islands in [64G, 65G): number 3 is 32 KiB.
        var log = TwoCrowds(KernelLog.Usual());
        var remedy = Assert.Single(log.Explain().Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.Equal("memmap=64K$0x51100000 memmap=32K$0x100b500000", remedy.Parameter);
        Assert.Equal(96 * K, remedy.GivenUpBytes);
        Assert.False(TwoCrowds(KernelLog.Usual(remedy.Parameter!)).Explain().Fails);
    }

    [Fact]
    public void SixtyFiveTdmrsGiveUpTheOneWithTheLeastMemory()
    {
        // RAM [1M, 512M) and 64 fragments at 8G, 10G, ...: number 20, at 48G, is the smallest.
        var explanation = Fragments(KernelLog.Usual()).Explain();
        Assert.Equal((-28, 65), (explanation.Prediction.Errno, explanation.Prediction.TdmrsNeeded));
        var remedy = Assert.Single(explanation.Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.Equal("memmap=12288K$0xc00000000", remedy.Parameter);
        var helped = Fragments(KernelLog.Usual(remedy.Parameter!)).Explain();
        Assert.Equal((false, 64), (helped.Fails, helped.Prediction.TdmrsNeeded));
    }

    [Fact]
    public void RamOutsideCmrsFailsInConfig()
    {
        var explanation = OutsideCmrs(KernelLog.Usual()).Explain();
        Assert.Equal(-5, explanation.Prediction.Errno);
        Assert.Equal(OutsideCmrsReason, explanation.Reason);
    }

    [Fact]
    public void RemedyGivesUpTheRamOutsideCmrs()
    {
        var remedy = Assert.Single(OutsideCmrs(KernelLog.Usual()).Explain().Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.Equal("memmap=1048576K$0x200000000", remedy.Parameter);
        Assert.False(OutsideCmrs(KernelLog.Usual(remedy.Parameter!)).Explain().Fails);
    }

    [Fact]
    public void AddedMemoryOutsideCmrsFails()
    {
        var added = new ExplainOptions(null, null, [Step.OnMemory(StepKind.AddMemory, 8 * G, G)]);
        Assert.False(Simple().Explain().Fails);
        var explanation = Simple().Explain(added);
        Assert.Equal((true, -5), (explanation.Fails, explanation.Prediction.Errno));
        Assert.Equal(OutsideCmrsReason, explanation.Reason);
    }

    [Fact]
    public void AddedMemoryInsideCmrsIsTdxMemory()
    {
        var added = new ExplainOptions(null, null, [Step.OnMemory(StepKind.AddMemory, 8 * G, G, 1)]);
        var explanation = Simple().Ram(9 * G, 10 * G).Cmr(8 * G, 10 * G).Explain(added);
        Assert.False(explanation.Fails);
        Assert.Contains(new PfnRange(0x200000, 0x240000, 1), explanation.Prediction.Memlist);
    }

    [Fact]
    public void MapWhoseEndLastPfnConfirmsIsNotCut()
    {
        // Convertible memory goes on behind the RAM; the kernel says that RAM ends at 8G.
        var explanation = Simple().Cmr(8 * G, 9 * G).Line("last_pfn = 0x200000 max_arch_pfn = 0x400000000").Explain();
        Assert.Equal(MemorySource.MemoryMap, explanation.Completed.Source);
        Assert.Equal(0x200000UL, explanation.Prediction.Memlist[^1].End);
    }

    [Fact]
    public void UnknownModuleVersionSaysSo()
    {
        var explanation = Simple().Explain(new ExplainOptions(null, new ModuleVersion(3, 1), []));
        Assert.Contains(explanation.Incomplete, static i => i.Contains("3.1", StringComparison.Ordinal) && i.Contains("not known", StringComparison.Ordinal));
        Assert.DoesNotContain(Simple().Explain().Incomplete, static i => i.Contains("not known", StringComparison.Ordinal));
    }

    [Fact]
    public void UnknownModuleVersionOfTheLogSaysSo() =>
        Assert.Contains(Simple().Line("virt/tdx: TDX module 3.1").Explain().Incomplete, static i => i.Contains("TDX module 3.1", StringComparison.Ordinal));

    // The kernel's part does not depend on the version: features and CMRs are those that the log or a note names.
    [Theory]
    [InlineData("merged")]
    [InlineData("sys-info")]
    [InlineData("subsys-initcall")]
    [InlineData("dynamic-pamt")]
    [InlineData("cmr-holes")]
    [InlineData("cmr-holes-v8.2")]
    public void UnknownModuleVersionDoesNotFailByItself(string profile)
    {
        var explanation = Simple().Explain(new ExplainOptions(HostProfile.Find(profile), new ModuleVersion(3, 1), []));
        Assert.Equal(0, explanation.Prediction.Errno);
    }

    [Theory]
    [InlineData(8UL)]
    [InlineData(2UL)]
    public void AddedMemoryIsConvertibleWhenTheLogHasNoCmrs(ulong gib)
    {
        var added = new ExplainOptions(null, null, [Step.OnMemory(StepKind.AddMemory, gib * G, G)]);
        Assert.Equal(0, KernelLog.Usual().Ram(M, 2 * G).Ram(4 * G, 8 * G).Explain(added).Prediction.Errno);
    }

    [Fact]
    public void AssumedCmrsEndWithTheRamBelow4Gib()
    {
        var cmrs = KernelLog.Usual().Ram(M, 2 * G).Ram(4 * G, 8 * G).Explain().Completed.Scenario.Machine.Cmrs;
        Assert.Equal([new Cmr(M, (2 * G) - M), new Cmr(4 * G, 4 * G)], cmrs);
    }

    [Fact]
    public void Module10FailsInSysRdAndNeedsFirmware()
    {
        var explanation = Simple().Explain(new ExplainOptions(null, ModuleVersion.V1_0, []));
        Assert.Equal(-5, explanation.Prediction.Errno);
        Assert.Equal("TDH.SYS.RD returns 0xc000050500000000 (TDX_SYS_NOT_READY): TDX module 1.0 has no such leaf.", explanation.Reason);
        Assert.Equal(RemedyKind.Firmware, Assert.Single(explanation.Remedies).Kind);
    }

    // [0, 2G) + [4G, 1025G) + [1026G, 2049G): 2046 GiB at 4104 KB, and 4 + 16 + 16 KB for the 1G tables.
    [Theory]
    [InlineData(8396820, true)]
    [InlineData(8396816, false)]
    public void CmrsAloneTellThePamtSize(int logged, bool agrees)
    {
        var explanation = new KernelLog().Cmr(0x100000, 0x77800000).Cmr(0x100000000, 0x1003e000000).Cmr(0x10080000000, 0x20040000000)
            .Line(KernelLog.Invariant($"virt/tdx: {logged} KB allocated for PAMT")).Explain();
        Assert.Equal((MemorySource.Cmrs, 8396820UL), (explanation.Completed.Source, explanation.Prediction.PamtKb));
        Assert.Equal(agrees, explanation.Pamt!.Agrees);
        Assert.False(explanation.Fails);
    }

    [Theory]
    [InlineData("virt/tdx: module initialized", true)]
    [InlineData("virt/tdx: module initialization failed (-28)", false)]
    public void OutcomeIsHeldAgainstTheLog(string line, bool agrees) => Assert.Equal(agrees, Simple().Line(line).Explain().Outcome!.Agrees);

    [Fact]
    public void PredictedFailureAgreesWithTheLog() =>
        Assert.True(Crowded().Line("virt/tdx: module initialization failed (-28)").Explain().Outcome!.Agrees);

    [Fact]
    public void WhatTheLogDoesNotSayIsListed()
    {
        var gaps = KernelLog.Usual().Ram(M, G).Explain().Incomplete;
        Assert.All(["CMR", "SRAT", "KeyID", "module version"], word => Assert.Contains(gaps, g => g.Contains(word, StringComparison.Ordinal)));
    }

    private static KernelLog Crowded(params int[] small) => Fill(KernelLog.Usual(), small);

    private static KernelLog Fill(KernelLog log, params int[] small)
    {
        log.Ram(M, 512 * M).Ram(G + M, FirstEnd);
        for (var i = 1; i < 16; i++)
        {
            var start = FirstEnd + M + ((ulong)(i - 1) * Stride);
            log.Ram(start, start + (small.Contains(i) ? 64 * K : Stride - M));
        }

        return log.Ram(4 * G, 8 * G);
    }

    private static KernelLog TwoCrowds(KernelLog log)
    {
        Fill(log, 5);
        for (var i = 0; i < 16; i++)
        {
            var start = (64 * G) + M + ((ulong)i * 60 * M);
            log.Ram(start, start + (i == 3 ? 32 * K : 30 * M));
        }

        return log;
    }

    private static KernelLog Fragments(KernelLog log)
    {
        log.Ram(M, 512 * M);
        for (var i = 0; i < 64; i++)
        {
            var start = (8UL + (2 * (ulong)i)) * G;
            log.Ram(start, start + (i == 20 ? 12 * M : 16 * M));
        }

        return log;
    }

    private static KernelLog OutsideCmrs(KernelLog log) => log.Ram(M, 2 * G).Ram(4 * G, 9 * G).Cmr(M, 2 * G).Cmr(4 * G, 8 * G);

    private static KernelLog Simple() => KernelLog.Usual().Ram(M, 2 * G).Ram(4 * G, 8 * G).Cmr(M, 2 * G).Cmr(4 * G, 8 * G);
}
