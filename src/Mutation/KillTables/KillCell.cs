// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Kills;

namespace TdxVerify.Mutation.KillTables;

/// <summary>The searches of one mutant by one way to make cases.</summary>
/// <param name="Trials">How many there were to be; two that reach the limit before any kill end them.</param>
public sealed record KillCell(KillColumn Column, int Trials, IReadOnlyList<Kill> Kills)
{
    public int Killed => Kills.Count(static k => k.IsKilled);
    public bool IsAlwaysKilled => Killed == Trials;
    public double MedianSeconds => Median(Seconds);
    public double MedianCases => Median(Kills.Where(static k => k.IsKilled).Select(static k => (double)k.Cases));
    public double LeastSeconds => Seconds.DefaultIfEmpty().Min();
    public double MostSeconds => Seconds.DefaultIfEmpty().Max();

    private IEnumerable<double> Seconds => Kills.Where(static k => k.IsKilled).Select(static k => k.Seconds);

    /// <summary>The median; 0 of nothing.</summary>
    public static double Median(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToList();
        return sorted.Count == 0 ? 0 : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
