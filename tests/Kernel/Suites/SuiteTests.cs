// SPDX-License-Identifier: MIT

using TdxVerify.KernelTrees;
using TdxVerify.Properties.Generation;
using TdxVerify.Tests.Kernel.Searches;

namespace TdxVerify.Tests.Kernel.Suites;

/// <summary>Whatever else the archive serves, the next release too: it compiles and does what its profile says, in a brief search.</summary>
public sealed class SuiteTests
{
    private const ulong Cases = 4000;

    [Theory]
    [InlineData("sid")]
    [InlineData("trixie-backports")]
    public void ItsNewestKernelCompilesAndBreaksNothingUnknown(string suite)
    {
        var built = BuildFolder.Build(Open("debian:" + suite));
        Assert.NotNull(built.Profile);
        foreach (var strategy in (Strategy[])[Strategy.Mixed, Strategy.Sequences])
        {
            var campaign = KernelSearch.Run(KernelSearch.Options(built, Cases) with { Strategy = strategy, KeepsGoing = true, Worker = null });
            Assert.Equal(Cases, campaign.Cases);
            Assert.Empty(KernelSearch.Unknown(campaign));
        }
    }

    private static KernelTree Open(string name)
    {
        try
        {
            return new TreeFinder(TreeFinder.DefaultCacheFolder).Open(name, CancellationToken.None);
        }
        catch (KernelTreeException problem)
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", problem.Message);
            Assert.Skip($"{name}: {problem.Message}");
            throw;
        }
    }
}
