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
    [InlineData("linux-6.12-hotplug-stock.jsonl", 130, 3600)]
    [InlineData("linux-6.12-hotplug-tdx.jsonl", 130, 3800)]
    [InlineData("linux-7.3-hotplug-stock.jsonl", 27, 700)]
    [InlineData("linux-7.3-hotplug-tdx.jsonl", 87, 2500)]
    public void EveryStepOfEveryBootAgrees(string file, int boots, int steps)
    {
        var result = ConformanceRun.Judge(Path.Combine(Repository.RequireCorpus(), "vectors", file));
        Assert.Empty(result.Disagreements);
        Assert.Equal(FileVerdict.Agrees, result.Verdict);
        Assert.InRange(result.Cases, boots, int.MaxValue);
        Assert.InRange(result.Steps, steps, int.MaxValue);
    }
}
