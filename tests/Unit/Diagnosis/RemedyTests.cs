// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Diagnosis;

/// <summary>What is given up helps, and is not more than it must be.</summary>
public sealed class RemedyTests
{
    private const ulong Page = 4096;

    /*
     *  CMR  |---------||---------|      touching at 6G
     *  RAM  |--------------------|      one range: patch v8.2 wants it in one of them
     *                |p                 without this page it is two
     */
    [Fact]
    public void ARangeAcrossTouchingCmrsGivesUpThePageBetweenThem()
    {
        var log = KernelLog.Usual().Ram(4 * G, 8 * G).Cmr(4 * G, 6 * G).Cmr(6 * G, 8 * G);
        var explanation = log.Explain(ExplainOptions.None with { Profile = HostProfile.CmrHolesV82 });
        Assert.Equal(-22, explanation.Prediction.Errno);
        var remedy = Assert.Single(explanation.Remedies);
        Assert.Equal(KernelLog.Invariant($"memmap=4K$0x{(6 * G) - Page:x}"), remedy.Parameter);
    }

    /*
     *  RAM across 1 GiB makes the TDMR 2 GiB large and full of holes
     *  0 |.###################.##.##.##.  ...  .##.| 2G     17 holes
     *                    |p 1G                              without this page: two TDMRs, 2 holes and 16
     */
    [Fact]
    public void RamAcrossAGibGivesUpThePageBelowIt()
    {
        var log = Crowd(KernelLog.Usual(), G + (32 * M));
        var explanation = log.Explain();
        Assert.Equal((-28, 17), (explanation.Prediction.Errno, explanation.Prediction.Tdmrs[0].Used));
        var remedy = Assert.Single(explanation.Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.Equal("memmap=4K$0x3ffff000", remedy.Parameter);
        var helped = Crowd(KernelLog.Usual(remedy.Parameter!), G + (32 * M)).Explain().Prediction;
        Assert.Equal((0, 2, 16), (helped.Errno, helped.Tdmrs[0].Used, helped.Tdmrs[1].Used));
    }

    /*
     *  |####.####.####. ... |  63 fragments, then an entry across a GiB: its upper part alone needs the 65th TDMR
     */
    [Fact]
    public void AnEntryThatReachesIntoAnotherGibGivesUpThatPart()
    {
        var log = KernelLog.Usual().Ram(M, 512 * M);
        for (ulong i = 1; i <= 63; i++)
        {
            log.Ram(2 * i * G, (2 * i * G) + (16 * M));
        }

        // On another node, thus an entry of its own behind the one that fills GiB 200.
        log.Ram(200 * G, (201 * G) + (8 * K))
            .Line("SRAT: PXM 0 -> APIC 0x00 -> Node 0").Line("SRAT: PXM 1 -> APIC 0x01 -> Node 1")
            .Line(KernelLog.Invariant($"ACPI: SRAT: Node 0 PXM 0 [mem 0x00000000-0x{(200 * G) + (512 * M) - 1:x}]"))
            .Line(KernelLog.Invariant($"ACPI: SRAT: Node 1 PXM 1 [mem 0x{(200 * G) + (512 * M):x}-0x{(202 * G) - 1:x}]"));
        var explanation = log.Explain();
        Assert.Equal((-28, 66), (explanation.Prediction.Errno, explanation.Prediction.TdmrsNeeded));
        var remedy = Assert.Single(explanation.Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.Equal([new AddressRange(2 * G, (2 * G) + (16 * M)), new AddressRange(201 * G, (201 * G) + (8 * K))], remedy.GivenUp);
    }

    [Fact]
    public void RamOutsideCmrsIsNotHiddenInAHole()
    {
        var log = Crowd(KernelLog.Usual(), G + (32 * M)).Cmr(M, 2 * G).Cmr(4 * G, 7 * G);
        Assert.DoesNotContain(log.Explain().Remedies, static r => r.Kind == RemedyKind.Kernel);
    }

    [Fact]
    public void WithoutAMapTheKernelRemedyIsNotTried()
    {
        var log = new KernelLog().Line("virt/tdx: initialization failed: TDMR [0x0, 0x80000000): reserved areas exhausted.")
            .Line("virt/tdx: module initialization failed (-28)");
        var remedy = Assert.Single(log.Explain().Remedies);
        Assert.Equal(
            "perhaps a kernel that takes holes from CMRs: distribution kernels with the CMR patch (Ubuntu 24.04 -intel after 6.8.0-1004); "
                + "not tried, the log has no memory map",
            remedy.Text);
    }

    [Fact]
    public void AParameterTooLongForACommandLineIsNotShown()
    {
        // 200 fragments of a page outside CMRs.
        var log = KernelLog.Usual().Ram(M, 2 * G).Cmr(M, 2 * G).Ram(4 * G, 8 * G).Cmr(4 * G, 8 * G);
        for (ulong i = 0; i < 200; i++)
        {
            log.Ram((10 * G) + (2 * i * Page), (10 * G) + (((2 * i) + 1) * Page));
        }

        var explanation = log.Explain();
        Assert.True(explanation.Fails);
        Assert.Empty(explanation.Remedies);
    }

    private static KernelLog Crowd(KernelLog log, ulong firstEnd)
    {
        log.Ram(M, firstEnd);
        for (ulong i = 1; i < 16; i++)
        {
            var start = firstEnd + M + ((i - 1) * 60 * M);
            log.Ram(start, start + (59 * M));
        }

        return log.Ram(4 * G, 8 * G);
    }

    /*
     *  18 GiB islands 2 GiB apart, all on one node: 18 TDMRs, and 17 of their PAMTs gather in the first with a page for a hole
     *  |#.|  |#.|  |#.|  ...
     */
    [Fact]
    public void TooManyPamtsInOneTdmrGiveUpTheSmallestTdmrs()
    {
        var log = KernelLog.Usual();
        for (ulong i = 0; i < 18; i++)
        {
            var start = (4 + (2 * i)) * G;
            log.Ram(start, start + G - (i == 0 ? Page : i * M));
        }

        var explanation = log.Explain();
        Assert.Equal(-28, explanation.Prediction.Errno);
        Assert.Contains(explanation.Prediction.Tdmrs, static t => t.Pamts.Count > 10);
        var remedy = Assert.Single(explanation.Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.All(remedy.GivenUp, r => Assert.True(r.Start >= 30 * G, "the islands with the least memory come last"));
    }
}
