// SPDX-License-Identifier: MIT

using TdxVerify.Search.Coverage;

namespace TdxVerify.Search;

/// <summary>A breach, and the first case that showed it.</summary>
/// <param name="Case">Number of the case.</param>
/// <param name="Breach">What is broken.</param>
/// <param name="Also">Ids of what the case breaks besides, when it ended the search.</param>
public readonly record struct FoundBreach(ulong Case, Breach Breach, IReadOnlyList<string> Also)
{
    /// <summary>The trace in words, where the case may not fail a second time; else empty.</summary>
    public IReadOnlyList<string> Trace { get; init; } = [];
}

/// <summary>What a row of cases led to.</summary>
internal sealed class ChunkResult
{
    /// <summary>Cases that were judged.</summary>
    public ulong Cases { get; set; }

    /// <summary>Their classes.</summary>
    public CoverageCount Coverage { get; } = new();

    /// <summary>The first breach of every kind, in the order of cases.</summary>
    public List<FoundBreach> Found { get; } = [];

    /// <summary>True when the row ended at a breach that stops the search.</summary>
    public bool IsStopped { get; set; }

    /// <summary>Back to empty.</summary>
    public void Clear()
    {
        Cases = 0;
        Coverage.Clear();
        Found.Clear();
        IsStopped = false;
    }

    /// <summary>Keeps the first breach of a kind.</summary>
    /// <returns>True when it is the first.</returns>
    public bool Add(in FoundBreach found)
    {
        foreach (var kept in Found)
        {
            if (kept.Breach.Property.Id == found.Breach.Property.Id && kept.Breach.Known == found.Breach.Known)
            {
                return false;
            }
        }

        Found.Add(found);
        return true;
    }
}
