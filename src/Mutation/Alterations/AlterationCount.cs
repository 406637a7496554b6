// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Alterations;

/// <summary>How many alterations of one kind were tried, and what noticed them.</summary>
/// <param name="Subject">What was changed.</param>
/// <param name="Change">How.</param>
public sealed record AlterationCount(string Subject, string Change)
{
    private readonly SortedDictionary<string, int> _by = new(StringComparer.Ordinal);
    private readonly SortedDictionary<char, int> _byFamily = [];

    /// <summary>Why nobody need notice, or null.</summary>
    public string? Reason { get; } = MeaninglessTable.Find(Subject, Change)?.Reason;

    /// <summary>Alterations that were not noticed and are not argued.</summary>
    public int Missed => Reason is null ? Tried - Noticed : 0;

    public int Tried { get; private set; }
    public int Noticed { get; private set; }

    /// <summary>A case, as "strategy:number", whose alteration nothing noticed; null: none.</summary>
    public string? Unnoticed { get; private set; }

    /// <summary>Properties that were violated, with the number of alterations.</summary>
    public IReadOnlyDictionary<string, int> By => _by;

    /// <summary>As <see cref="By"/>, by the letter of the property's family; once in each.</summary>
    public IReadOnlyDictionary<char, int> ByFamily => _byFamily;

    internal void Add(string origin, IReadOnlyCollection<string> properties)
    {
        Tried++;
        foreach (var property in properties)
            _by[property] = _by.GetValueOrDefault(property) + 1;

        foreach (var family in properties.Select(static p => p[0]).Distinct())
            _byFamily[family] = _byFamily.GetValueOrDefault(family) + 1;

        if (properties.Count > 0)
            Noticed++;
        else
            Unnoticed ??= origin;
    }
}
