// SPDX-License-Identifier: MIT

using TdxVerify.Diagnosis;

namespace TdxVerify.Tests.Unit.Diagnosis;

/// <summary>A log that goes on to user space and has no line of TDX is that of a host on which TDX is not enabled.</summary>
public sealed class NotEnabledTests
{
    private const string Release = "Linux version 6.18.0\n";
    private const string Map = "BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] usable\n";
    private const string UserSpace = "Run /init as init process\n";
    private const string KeyIds = "virt/tdx: BIOS enabled: private KeyID range [32, 64)\n";

    [Theory]
    [InlineData(Release + Map + UserSpace, true)]
    [InlineData(Release + Map, false)]
    [InlineData(Map + UserSpace, false)]
    [InlineData("Linux version 6.7.0\n" + Map + UserSpace, false)]
    [InlineData(Release + Map + KeyIds + UserSpace, false)]
    public void OnlyAWholeLogOfAKernelThatCouldSaySoTells(string log, bool isNotEnabled)
    {
        var explanation = Explanation.Of(LogText.Read(log), new ExplainOptions(null, null, []));
        Assert.Equal((isNotEnabled, isNotEnabled, isNotEnabled), (explanation.Completed.IsNotEnabled, explanation.FailsOnPlatform, explanation.Fails));
        Assert.Equal(isNotEnabled, explanation.Reason?.StartsWith("the kernel says nothing of private KeyIDs", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("kmalloc 1", "kmalloc() of an entry of tdx_memlist failed.")]
    [InlineData("kmalloc 2", "kmalloc() of the array of TDMR addresses failed.")]
    [InlineData("kmalloc 3", "kmalloc() of the mask of packages failed.")]
    [InlineData("pages-exact 1", "alloc_pages_exact() of the TDMR buffer failed.")]
    [InlineData("contig 1", "no node has 8212 KB of contiguous memory for the PAMTs.")]
    public void TheAllocationThatFailedIsNamed(string fault, string reason)
    {
        var explanation = Explanation.Of(LogText.Read(Map + KeyIds + $"tdxverify: fault {fault}\n"), new ExplainOptions(null, null, []));
        Assert.Equal(reason, explanation.Reason);
    }

    [Fact]
    public void TheMapOfAScenarioFileIsWhole()
    {
        const string Log = Map + "virt/tdx: CMR: [0x100000, 0x80000000)\nvirt/tdx: CMR: [0x100000000, 0x200000000)\n" + KeyIds;
        Assert.True(Explanation.Of(LogText.Read(Log), new ExplainOptions(null, null, [])).Completed.MapIsCut);
        Assert.False(Explanation.Of(LogText.Read(Log + "tdxverify: step enable\n"), new ExplainOptions(null, null, [])).Completed.MapIsCut);
    }
}
