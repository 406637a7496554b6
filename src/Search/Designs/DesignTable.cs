// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Invariants;

namespace TdxVerify.Search.Designs;

/// <summary>Every invariant under every design, by search: sequences of hotplug first, then machines of all kinds.</summary>
/// <param name="seed">The seed.</param>
/// <param name="cases">Cases of each of the two kinds, for each design.</param>
/// <param name="workers">Threads.</param>
/// <param name="store">Where the smallest scenarios go.</param>
public sealed class DesignTable(ulong seed, ulong cases, int workers, FindingStore store)
{
    private static readonly Strategy[] Strategies = [Strategy.Sequences, Strategy.Mixed];

    /// <summary>Invariants that the table is about: those that any design is held to.</summary>
    public static IReadOnlyList<Property> Rows { get; } =
        [.. PropertyCatalog.All.Where(static s => s is Invariant && s.Class != PropertyClass.AsMerged && s.Id != "CANARY" && s.Id[0] != 'K')];

    /// <summary>Judges a design.</summary>
    /// <param name="design">The design.</param>
    /// <param name="token">Ends it; invariants that were broken until then count.</param>
    public IReadOnlyList<DesignVerdict> Judge(Design design, CancellationToken token)
    {
        var broken = new Dictionary<string, (FoundBreach Found, CampaignPlan Options)>();
        ulong tried = 0;
        foreach (var mood in Strategies)
        {
            var options = new CampaignPlan
            {
                Seed = seed,
                Cases = cases,
                Strategy = mood,
                Workers = workers,
                KeepsGoing = true,
                Mutant = design.AsMutant,
                PropertyCatalog = [.. Rows.Select(static r => r.Id)],
            };
            var sweep = new Campaign(options);
            sweep.Run(null, token);
            tried += sweep.Cases;
            foreach (var found in sweep.Found)
            {
                broken.TryAdd(found.Breach.Property.Id, (found, options));
            }
        }

        return [.. Rows.Select(row => broken.TryGetValue(row.Id, out var first)
            ? Shrunk(design, row, tried, first.Found, first.Options)
            : new DesignVerdict(design, row, tried, null, null))];
    }

    private DesignVerdict Shrunk(Design design, Property row, ulong tried, in FoundBreach found, CampaignPlan options)
    {
        var finding = Finding.Of(found, options);
        return new DesignVerdict(design, row, tried, finding, store.Write(finding, options));
    }
}
