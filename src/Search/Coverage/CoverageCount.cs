// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Facts;

namespace TdxVerify.Search.Coverage;

/// <summary>How many cases of each class were met, by mood.</summary>
public sealed class CoverageCount
{
    private static readonly int Strategies = Enum.GetValues<Strategy>().Length;

    private readonly long[] _cases = new long[Strategies];
    private readonly long[] _met = new long[Strategies * CoverageCatalog.All.Count];

    /// <summary>Cases of a mood.</summary>
    public long Cases(Strategy mood) => _cases[(int)mood];

    /// <summary>Cases of a mood that were of a class.</summary>
    public long Met(Strategy mood, int index) => _met[((int)mood * CoverageCatalog.All.Count) + index];

    /// <summary>Cases of any mood that were of a class.</summary>
    public long Met(int index) => Enum.GetValues<Strategy>().Sum(mood => Met(mood, index));

    /// <summary>Counts a case.</summary>
    public void Count(Strategy mood, CaseFacts facts)
    {
        _cases[(int)mood]++;
        var classes = CoverageCatalog.All;
        for (var i = 0; i < classes.Count; i++)
        {
            _met[((int)mood * classes.Count) + i] += classes[i].Matches(facts) ? 1 : 0;
        }
    }

    /// <summary>Adds other counts.</summary>
    public void Add(CoverageCount other)
    {
        for (var i = 0; i < _cases.Length; i++)
        {
            _cases[i] += other._cases[i];
        }

        for (var i = 0; i < _met.Length; i++)
        {
            _met[i] += other._met[i];
        }
    }

    /// <summary>All counts as numbers that another process understands: cases of the moods, then classes.</summary>
    public long[] ToNumbers() => [.. _cases, .. _met];

    /// <summary>Adds such numbers.</summary>
    public void Add(IReadOnlyList<long> numbers)
    {
        for (var i = 0; i < numbers.Count; i++)
        {
            if (i < _cases.Length)
            {
                _cases[i] += numbers[i];
            }
            else
            {
                _met[i - _cases.Length] += numbers[i];
            }
        }
    }

    /// <summary>Back to zero.</summary>
    public void Clear()
    {
        Array.Clear(_cases);
        Array.Clear(_met);
    }
}
