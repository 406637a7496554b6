// SPDX-License-Identifier: MIT

using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit;

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
        Assert.Equal(-22, explanation.Fate.Errno);
        var remedy = Assert.Single(explanation.Remedies);
        Assert.Equal(KernelLog.Invariant($"memmap=4K$0x{(6 * G) - Page:x}"), remedy.Parameter);
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
        Assert.Equal(-28, explanation.Fate.Errno);
        Assert.Contains(explanation.Fate.Tdmrs, static t => t.Pamts.Count > 10);
        var remedy = Assert.Single(explanation.Remedies, static r => r.Kind == RemedyKind.GiveUpMemory);
        Assert.All(remedy.GivenUp, r => Assert.True(r.Start >= 30 * G, "the islands with the least memory come last"));
    }
}
