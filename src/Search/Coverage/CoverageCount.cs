// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Coverage;

/// <summary>How many cases of each class were met, by strategy.</summary>
public sealed class CoverageCount
{
    private static readonly int Strategies = Enum.GetValues<Strategy>().Length;
    private readonly long[] _cases = new long[Strategies];
    private readonly long[] _met = new long[Strategies * CoverageCatalog.All.Count];

    public long Cases(Strategy strategy) => _cases[(int)strategy];

    /// <summary>Cases of a strategy that were of a class.</summary>
    public long Met(Strategy strategy, int index) => _met[((int)strategy * CoverageCatalog.All.Count) + index];

    /// <summary>Cases of any strategy that were of a class.</summary>
    public long Met(int index) => Enum.GetValues<Strategy>().Sum(strategy => Met(strategy, index));

    /// <summary>Counts a case; one that crashed during boot is of no class.</summary>
    public void Count(Strategy strategy, CaseFacts facts)
    {
        _cases[(int)strategy]++;
        if (!facts.Trace.HasState)
            return;

        var classes = CoverageCatalog.All;
        for (var i = 0; i < classes.Count; i++)
            _met[((int)strategy * classes.Count) + i] += classes[i].Matches(facts) ? 1 : 0;
    }

    public void Add(CoverageCount other)
    {
        for (var i = 0; i < _cases.Length; i++)
            _cases[i] += other._cases[i];

        for (var i = 0; i < _met.Length; i++)
            _met[i] += other._met[i];
    }

    /// <summary>All counts as numbers that another process understands: cases of the strategies, then
    /// classes.</summary>
    public long[] ToNumbers() => [.. _cases, .. _met];

    public void Add(IReadOnlyList<long> numbers)
    {
        for (var i = 0; i < numbers.Count; i++)
        {
            if (i < _cases.Length)
                _cases[i] += numbers[i];
            else
                _met[i - _cases.Length] += numbers[i];
        }
    }

    public void Clear()
    {
        Array.Clear(_cases);
        Array.Clear(_met);
    }
}
