// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Properties.Generation;
using TdxVerify.Search.Coverage;

namespace TdxVerify.Reporting;

/// <summary>What kinds of cases a search met.</summary>
public static class CoverageText
{
    /// <summary>A line a class: how many cases, and their share of each strategy that promises it.</summary>
    public static IEnumerable<ReportLine> Write(CoverageCount coverage)
    {
        yield return new ReportLine("kinds of cases met:", Tone.Heading);
        for (var i = 0; i < CoverageCatalog.All.Count; i++)
        {
            var shares = CoverageCatalog.All[i].Strategies.Where(m => coverage.Cases(m) > 0)
                .Select(strategy => Share(coverage, strategy, i));
            var met = coverage.Met(i);
            var isOfOthers = met == 0 && !CoverageCatalog.All[i].Strategies.Any(m => coverage.Cases(m) > 0);
            if (isOfOthers)
                continue;

            yield return new ReportLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{met,10}  {CoverageCatalog.All[i].Name} ({string.Join(", ", shares)})")
                        .Replace(" ()", "", StringComparison.Ordinal),
                met == 0 ? Tone.Note : Tone.Plain);
        }
    }

    private static string Share(CoverageCount coverage, Strategy strategy, int index) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{100.0 * coverage.Met(strategy, index) / coverage.Cases(strategy):f1} % of "
                + $"{strategy.ToString().ToLowerInvariant()}");
}
