// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.Kills;

namespace TdxVerify.Reporting;

/// <summary>What became of mutants, for a terminal.</summary>
public static class MutationText
{
    /// <summary>One mutant: what it changes and what noticed it.</summary>
    public static IEnumerable<ReportLine> Write(MutantResult result)
    {
        var mutant = result.Mutant;
        var how = result.Fate switch
        {
            MutantFate.Killed => $"killed by {string.Join(", ", result.Properties.Take(4))}, {Numbers(result)}",
            MutantFate.Survived => $"SURVIVED {Numbers(result)}",
            MutantFate.Disproved => $"KILLED by {result.Properties[0]} although mutants/equivalent.tsv argues that "
                + "nothing changes",
            MutantFate.Equivalent => $"equivalent: {result.Argument}",
            MutantFate.HarnessFailed => $"the harness failed, please report: {result.Argument}",
            _ => "not compilable",
        };
        yield return new ReportLine($"{mutant.Name}: {how}", ToneOf(result.Fate));
        if (result.Fate is MutantFate.Survived or MutantFate.Disproved)
        {
            yield return new ReportLine(
                string.Create(CultureInfo.InvariantCulture, $"  {mutant.Edit.File}:{mutant.Line}"));
            yield return new ReportLine($"  - {mutant.Before}");
            yield return new ReportLine($"  + {mutant.After}");
        }
    }

    /// <summary>How many of each fate, and how long it took to notice them.</summary>
    public static IEnumerable<ReportLine> Sum(IReadOnlyList<MutantResult> results)
    {
        var killed = results.Where(static r => r.Fate == MutantFate.Killed).ToList();
        var counts = string.Join(", ", results.GroupBy(static r => r.Fate).OrderBy(static g => g.Key)
            .Select(static g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {Word(g.Key)}")));
        yield return new ReportLine(
            string.Create(CultureInfo.InvariantCulture, $"{results.Count} mutants: {counts}"), Tone.Heading);
        if (killed.Count > 0)
        {
            var seconds = killed.SelectMany(static r => r.Kills).Select(static k => k.Seconds).Order().ToList();
            var cases = killed.SelectMany(static r => r.Kills).Select(static k => k.Cases).Order().ToList();
            yield return new ReportLine(string.Create(
                CultureInfo.InvariantCulture,
                $"to kill: median {cases[cases.Count / 2]} cases, {seconds[seconds.Count / 2]:0.00} s; "
                    + $"nine tenths {cases[cases.Count * 9 / 10]} cases, {seconds[seconds.Count * 9 / 10]:0.00} s; "
                    + $"most {cases[^1]} cases, {seconds[^1]:0.00} s"));
        }
    }

    internal static string Word(MutantFate fate) => fate switch
    {
        MutantFate.Killed => "killed",
        MutantFate.Survived => "survived",
        MutantFate.Equivalent => "equivalent",
        MutantFate.Disproved => "killed although argued to be equivalent",
        MutantFate.HarnessFailed => "failures of the harness",
        _ => "not compilable",
    };

    private static string Numbers(MutantResult result)
    {
        var size = result.Kills.Select(static k => k.Size).FirstOrDefault(static s => s is not null) is { } shrunk
            ? string.Create(CultureInfo.InvariantCulture, $", shrunk to {shrunk.Steps} steps in {shrunk.Lines} lines")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"{result.MedianCases:0} cases, {result.MedianSeconds:0.00} s{size}");
    }

    private static Tone ToneOf(MutantFate fate) => fate switch
    {
        MutantFate.Killed => Tone.Good,
        MutantFate.Survived or MutantFate.Disproved or MutantFate.HarnessFailed => Tone.Bad,
        _ => Tone.Note,
    };
}
