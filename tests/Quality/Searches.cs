// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Slips;

namespace TdxVerify.Tests.Quality;

/// <summary>Searches with a fixed seed.</summary>
internal static class Searches
{
    public const ulong Seed = 20;

    /// <summary>Statements that only sequences on memory blocks can break.</summary>
    private static readonly string[] AboutBlocks = ["H5", "H6", "H7", "H8", "H9", "H10", "H11", "H12", "H13", "H14", "N1", "N2", "N3", "N4", "N5"];

    /// <summary>The first breach that is not known, or null.</summary>
    public static FoundBreach? FirstUnknown(string? slip, ulong cases, ulong seed = Seed, params string[] statements)
    {
        var options = Options(slip, cases, seed, statements);
        foreach (var found in Run(options).Found)
        {
            if (found.Breach.Known is null)
            {
                return found;
            }
        }

        return null;
    }

    public static SweepOptions Options(string? slip, ulong cases, ulong seed = Seed, params string[] statements) => new()
    {
        Seed = seed,
        Cases = cases,
        Workers = 1,
        Slip = slip is null ? null : SlipCatalog.Find(slip) ?? throw new ArgumentException(slip),
        Statements = statements,
        Mood = statements.Any(static s => AboutBlocks.Contains(s)) ? Mood.Sequences : slip is null ? Mood.Mixed : SlipCatalog.Find(slip)!.Mood,
    };

    public static Sweep Run(SweepOptions options)
    {
        var sweep = new Sweep(options);
        sweep.Run(null, CancellationToken.None);
        return sweep;
    }
}
