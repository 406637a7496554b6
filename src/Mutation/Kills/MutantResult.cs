// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Kills;

/// <summary>What became of a mutant, search by search.</summary>
/// <param name="Argument">Why it is equivalent, or what the compiler said; or null.</param>
public sealed record MutantResult(Mutant Mutant, MutantFate Fate, string? Argument, IReadOnlyList<Kill> Kills)
{
    /// <summary>Everything that was violated, what names the fault first.</summary>
    public IReadOnlyList<string> Properties =>
        [.. Kills.Where(static k => k.IsKilled).Select(static k => k.Property!)
            .Concat(Kills.SelectMany(static k => k.Also)).Distinct()];

    public double MedianSeconds => Median(static k => k.Seconds);
    public double MedianCases => Median(static k => k.Cases);
    public double MaxSeconds => Kills.Count == 0 ? 0 : Kills.Max(static k => k.Seconds);

    private double Median(Func<Kill, double> number)
    {
        var sorted = Kills.Select(number).Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
