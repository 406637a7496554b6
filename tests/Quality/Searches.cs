// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search;

namespace TdxVerify.Tests.Quality;

/// <summary>Searches with a fixed seed.</summary>
internal static class Searches
{
    public const ulong Seed = 20;

    /// <summary>The first violation that is not known, or null.</summary>
    public static Violation? FirstUnknown(string? policy, ulong cases, ulong seed = Seed, params string[] statements)
    {
        var options = Options(policy, cases, seed, statements);
        foreach (var found in Run(options).Violations)
        {
            if (found.KnownIssue is null)
            {
                return found;
            }
        }

        return null;
    }

    public static CampaignPlan Options(string? policy, ulong cases, ulong seed = Seed, params string[] statements) => new()
    {
        Seed = seed,
        Cases = cases,
        Workers = 1,
        Policy = policy ?? HostProfile.Merged.Name,
        Properties = statements,
        Strategy = statements.Any(static s => PropertyCatalog.Find(s) is Invariant { NeedsBlocks: true }) ? Strategy.Sequences : Strategy.Mixed,
    };

    public static Campaign Run(CampaignPlan options)
    {
        var campaign = new Campaign(options);
        campaign.Run(null, CancellationToken.None);
        return campaign;
    }
}
