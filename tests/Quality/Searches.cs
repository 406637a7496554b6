// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search;
using TdxVerify.Search.Mutants;

namespace TdxVerify.Tests.Quality;

/// <summary>Searches with a fixed seed.</summary>
internal static class Searches
{
    public const ulong Seed = 20;

    /// <summary>The first violation that is not known, or null.</summary>
    public static Violation? FirstUnknown(string? mutant, ulong cases, ulong seed = Seed, params string[] statements)
    {
        var options = Options(mutant, cases, seed, statements);
        foreach (var found in Run(options).Violations)
        {
            if (found.KnownIssue is null)
            {
                return found;
            }
        }

        return null;
    }

    public static CampaignPlan Options(string? mutant, ulong cases, ulong seed = Seed, params string[] statements) => new()
    {
        Seed = seed,
        Cases = cases,
        Workers = 1,
        Mutant = mutant,
        Properties = statements,
        Strategy = statements.Any(static s => PropertyCatalog.Find(s) is Invariant { NeedsBlocks: true }) ? Strategy.Sequences : mutant is null ? Strategy.Mixed : MutantCatalog.Find(mutant)!.Strategy,
    };

    public static Campaign Run(CampaignPlan options)
    {
        var campaign = new Campaign(options);
        campaign.Run(null, CancellationToken.None);
        return campaign;
    }
}
