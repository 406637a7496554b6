// SPDX-License-Identifier: MIT

using TdxVerify.Conformance;

namespace TdxVerify.Reporting;

/// <summary>Verdicts of conform as a person reads them.</summary>
public static class ConformText
{
    private const int MaxChars = 4000;

    public static IEnumerable<ReportLine> Write(FileResult result)
    {
        var reason = result.Reason is { } text ? $" ({text})" : "";
        yield return result.Verdict switch
        {
            FileVerdict.Agrees =>
                new ReportLine(
                    $"agree           {result.Path}: {Count(result.Cases, "case")}{Steps(result)}, "
                        + $"{result.Format}{reason}", Tone.Good),
            FileVerdict.Disagrees =>
                new ReportLine(
                    $"disagree        {result.Path}: {result.DisagreeCount} of {Count(result.Cases, "case")}, "
                        + $"{result.Format}{reason}", Tone.Bad),
            _ => new ReportLine($"not applicable  {result.Path}: {result.Format}{reason}", Tone.Note),
        };
        foreach (var disagreement in result.Disagreements)
        {
            if (disagreement.Line > 0)
                yield return new ReportLine($"  {result.Path}:{disagreement.Line} {disagreement.Label}", Tone.Bad);

            foreach (var difference in disagreement.Differences)
            {
                yield return new ReportLine($"    {difference.Field}");
                yield return new ReportLine("      expected " + Cut(difference.Expected));
                yield return new ReportLine("      got      " + Cut(difference.Got));
            }

            if (disagreement.Input.Length > 0)
                yield return new ReportLine("    input " + Cut(disagreement.Input), Tone.Note);
        }

        if (result.DisagreeCount > result.Disagreements.Count)
            yield return new ReportLine($"  and {result.DisagreeCount - result.Disagreements.Count} more", Tone.Note);
    }

    /// <summary>The last line: cases, and the files that they are in.</summary>
    public static string Write(ConformanceTotals totals) =>
        $"{Count(totals.Cases, "case")} in {Count(totals.Files, "file")}: {totals.Cases - totals.Disagree} agree, "
            + $"{totals.Disagree} disagree; "
        + $"{Count(totals.NotApplicable, "other file")} not applicable";

    private static string Count(int number, string what) => $"{number} {what}{(number == 1 ? "" : "s")}";
    private static string Steps(FileResult result) => result.Steps > 0 ? $" of {Count(result.Steps, "step")}" : "";
    private static string Cut(string text) => text.Length > MaxChars ? text[..MaxChars] + "..." : text;
}
