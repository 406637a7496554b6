// SPDX-License-Identifier: MIT

using TdxVerify.Conformance;

namespace TdxVerify.Tests.Conformance;

/// <summary>The model agrees with every recorded answer.</summary>
public sealed class RecordedCasesTests
{
    [Theory]
    [InlineData("linux-6.12-tdx-host.jsonl", 600)]
    [InlineData("tdx-module-config.jsonl", 2000)]
    [InlineData("tdx-module-cmrs.jsonl", 600)]
    [InlineData("tdx-module-seq.jsonl", 60)]
    [InlineData("tdx-module-sysrd.jsonl", 60)]
    public void EveryCaseAndFieldAgrees(string file, int atLeast)
    {
        var result = ConformanceRun.Judge(Path.Combine(Repository.RequireCorpus(), "vectors", file));
        Assert.Empty(result.Disagreements);
        Assert.Equal(FileVerdict.Agrees, result.Verdict);
        Assert.InRange(result.Cases, atLeast, int.MaxValue);
    }

    [Theory]
    [InlineData("linux-6.12-hotplug-stock.jsonl")]
    [InlineData("linux-6.12-hotplug-tdx.jsonl")]
    public void HotplugIsRecognisedAndNotJudgedYet(string file)
    {
        var result = ConformanceRun.Judge(Path.Combine(Repository.RequireCorpus(), "vectors", file));
        Assert.Equal(FileVerdict.NotApplicable, result.Verdict);
        Assert.Equal("memory hotplug is not modelled yet", result.Reason);
    }
}
