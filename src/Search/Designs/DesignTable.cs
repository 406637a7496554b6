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
    private static readonly Mood[] Moods = [Mood.Sequences, Mood.Mixed];

    /// <summary>Invariants that the table is about: those that any design is held to.</summary>
    public static IReadOnlyList<Statement> Rows { get; } =
        [.. Statements.All.Where(static s => s is Invariant && s.Class != InvariantClass.AsMerged && s.Id != "CANARY" && s.Id[0] != 'K')];

    /// <summary>Judges a design.</summary>
    /// <param name="design">The design.</param>
    /// <param name="token">Ends it; invariants that were broken until then count.</param>
    public IReadOnlyList<DesignVerdict> Judge(Design design, CancellationToken token)
    {
        var broken = new Dictionary<string, (FoundBreach Found, SweepOptions Options)>();
        ulong tried = 0;
        foreach (var mood in Moods)
        {
            var options = new SweepOptions
            {
                Seed = seed,
                Cases = cases,
                Mood = mood,
                Workers = workers,
                KeepsGoing = true,
                Slip = design.AsSlip,
                Statements = [.. Rows.Select(static r => r.Id)],
            };
            var sweep = new Sweep(options);
            sweep.Run(null, token);
            tried += sweep.Cases;
            foreach (var found in sweep.Found)
            {
                broken.TryAdd(found.Breach.Statement.Id, (found, options));
            }
        }

        return [.. Rows.Select(row => broken.TryGetValue(row.Id, out var first)
            ? Shrunk(design, row, tried, first.Found, first.Options)
            : new DesignVerdict(design, row, tried, null, null))];
    }

    private DesignVerdict Shrunk(Design design, Statement row, ulong tried, in FoundBreach found, SweepOptions options)
    {
        var finding = Finding.Of(found, options);
        return new DesignVerdict(design, row, tried, finding, store.Write(finding, options));
    }
}
