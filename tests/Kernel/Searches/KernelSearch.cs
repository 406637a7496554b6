// SPDX-License-Identifier: MIT

using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Tests.Kernel.Searches;

/// <summary>Searches of built kernels, as the command line makes them.</summary>
internal static class KernelSearch
{
    /// <summary>The seed of every search whose result is written down.</summary>
    public const ulong Seed = 1;

    private static readonly TimeSpan HangTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A search with one worker process.</summary>
    public static CampaignPlan Options(BuiltKernel kernel, ulong cases, params string[] statements) => new()
    {
        Seed = Seed,
        Cases = cases,
        Workers = 1,
        Properties = statements,
        Kernel = UnderTest(kernel),
        Worker = Worker(),
    };

    /// <summary>A built kernel with the rules that its source declares.</summary>
    public static KernelUnderTest UnderTest(BuiltKernel kernel) =>
        new(kernel.Library, kernel.Tree.Name, kernel.Profile);

    /// <summary>How the program beside these tests is started as a worker.</summary>
    public static WorkerLaunch Worker(TimeSpan? hangTimeout = null) => new(
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet", Path.Combine(AppContext.BaseDirectory, "tdxverify.dll"), "worker"],
        BuildFolder.Journals,
        hangTimeout ?? HangTimeout);

    /// <summary>Runs a search to its end; a failure of the harness fails the test.</summary>
    public static Campaign Run(CampaignPlan options)
    {
        var campaign = new Campaign(options);
        campaign.Run(null, CancellationToken.None);
        Assert.True(campaign.Failure is null, $"the harness failed: {campaign.Failure}");
        return campaign;
    }

    /// <summary>Ids of what is broken and not known, with what the same cases break besides.</summary>
    public static IEnumerable<string> Unknown(Campaign campaign) =>
        campaign.Violations.Where(static f => f.KnownIssue is null).SelectMany(static f => (f.Also ?? []).Prepend(f.Property)).Distinct();
}
