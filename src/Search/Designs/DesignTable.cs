// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Metamorphic;

namespace TdxVerify.Search.Designs;

/// <summary>Every invariant under every design, by search: sequences of hotplug first, then machines of all
/// kinds.</summary>
/// <param name="cases">Cases of each of the two kinds, for each design.</param>
public sealed class DesignTable(ulong seed, ulong cases, int workers, FindingStore store)
{
    /// <summary>That flags of memory change nothing needs a second run to be judged.</summary>
    private const string Flags = "B4";

    private static readonly Strategy[] Strategies = [Strategy.Sequences, Strategy.Mixed];

    /// <summary>Invariants that the table is about: those that any design is held to.</summary>
    public static IReadOnlyList<Property> Rows { get; } =
        [.. InvariantCatalog.Create()
            .Where(static i => i.Class != PropertyClass.AsMerged && i is not KernelInvariant)
            .Concat<Property>(MetamorphicCatalog.All.Where(static m => m.Id == Flags))];

    /// <summary>Judges a design.</summary>
    /// <param name="token">Ends it; invariants that were broken until then count.</param>
    public IReadOnlyList<DesignVerdict> Judge(Design design, CancellationToken token)
    {
        var broken = new Dictionary<string, (Violation Violation, CampaignPlan Plan)>();
        ulong tried = 0;
        foreach (var strategy in Strategies)
        {
            var plan = new CampaignPlan
            {
                Seed = seed,
                Cases = cases,
                Strategy = strategy,
                Workers = workers,
                KeepsGoing = true,
                Policy = design.Name,
                Properties = [.. Rows.Select(static r => r.Id)],
            };
            var campaign = new Campaign(plan);
            campaign.Run(null, token);
            tried += campaign.Cases;
            foreach (var found in campaign.Violations)
                broken.TryAdd(found.Property, (found, plan));
        }

        return [.. Rows.Select(row => broken.TryGetValue(row.Id, out var first)
            ? Shrunk(design, row, tried, first.Violation, first.Plan)
            : new DesignVerdict(design, row, tried, null, null))];
    }

    private DesignVerdict Shrunk(Design design, Property row, ulong tried, in Violation violation, CampaignPlan plan)
    {
        var finding = new FindingShrinker(plan).Shrink(violation);
        return new DesignVerdict(design, row, tried, finding, store.Write(finding, plan));
    }
}
