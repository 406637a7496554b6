// SPDX-License-Identifier: MIT

using TdxVerify.Conformance;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Kernel.Conformance;

/// <summary>Recorded answers of the kernel's own code, given again by the kernel that the tests compile.</summary>
public sealed class RecordedKernelCasesTests
{
    private const string File = "linux-6.12-tdx-host.jsonl";

    [Fact]
    public void EveryCaseAgrees()
    {
        var result = Judge(KernelSource.RequireBuilt());
        Assert.True(result.Cases > 0);
        Assert.Equal((FileVerdict.Agrees, 0), (result.Verdict, result.DisagreeCount));
    }

    [Fact]
    public void AnEditedKernelDisagrees()
    {
        using var edited = Edits.Mutant("pa-array-leaked");
        var result = Judge(BuildFolder.Build(edited.Tree));
        Assert.Equal(FileVerdict.Disagrees, result.Verdict);
        Assert.All(result.Disagreements, static r => Assert.All(r.Differences, static d => Assert.StartsWith("kernel: ", d.Field, StringComparison.Ordinal)));
    }

    private static FileResult Judge(BuiltKernel kernel)
    {
        var corpus = Environment.GetEnvironmentVariable("TDXVERIFY_CORPUS");
        Assert.SkipWhen(string.IsNullOrEmpty(corpus), "TDXVERIFY_CORPUS is not set");
        return ConformanceRun.Judge(Path.Combine(corpus!, "vectors", File), new KernelHost(kernel.Library, "kernel", Modules.Permissive));
    }
}
