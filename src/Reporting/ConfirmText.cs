// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Confirmation;
using TdxVerify.Search;

namespace TdxVerify.Reporting;

/// <summary>What running kernels did, as a person reads it.</summary>
public static class ConfirmText
{
    private const int MostLines = 6;
    private const int MostChars = 400;

    /// <summary>A case in which something is wrong.</summary>
    /// <param name="file">Where its scenario lies.</param>
    /// <param name="boots">Boots that it took to make it smaller.</param>
    public static IEnumerable<ReportLine> Write(GuestVerdict verdict, string file, int boots)
    {
        yield return new ReportLine($"case {verdict.Case}: {verdict.Kind}", Tone.Bad);
        if (verdict.End is { } end)
            yield return new ReportLine("  " + Cut(end));

        foreach (var line in verdict.Splats.Take(MostLines))
            yield return new ReportLine("  " + Cut(line));

        foreach (var difference in verdict.Differences.Take(MostLines))
        {
            yield return new ReportLine("  " + difference.Field);
            yield return new ReportLine("    kernel " + Cut(difference.Expected));
            yield return new ReportLine("    model  " + Cut(difference.Got));
        }

        foreach (var violation in verdict.Violations.Where(static v => v.KnownIssue is null).Take(MostLines))
        {
            var property = PropertyCatalog.Of(violation);
            yield return new ReportLine($"  {property.Id}: {property.Sentence}");
            yield return new ReportLine(
                "    " + Cut(EvidenceText.Write(property, violation.Verdict, verdict.Scenario)));
        }

        var steps = verdict.Scenario.Steps.Count;
        yield return new ReportLine(
            $"  {Count(steps, "step")}, after {Count(boots, "boot")} to make it smaller: {file}", Tone.Note);
    }

    /// <summary>What a campaign came to.</summary>
    public static IEnumerable<ReportLine> Write(ConfirmTotals totals, string kernel)
    {
        foreach (var (issue, count) in totals.KnownIssues)
            yield return new ReportLine($"known issue {issue}: {Count(count, "case")}", Tone.Note);

        yield return new ReportLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{kernel}: {totals.Confirmed} of {Count(totals.Cases, "boot")} confirmed, "
                    + $"{Count(totals.Steps, "step")}, TDX initialised in {totals.Initialized}, "
                    + $"{totals.Refused} times onlining refused (EPERM)"),
            totals.Confirmed == totals.Cases ? Tone.Good : Tone.Bad);
    }

    /// <summary>Where two kernels part.</summary>
    public static IEnumerable<ReportLine> Write(GuestDifference difference)
    {
        yield return new ReportLine($"case {difference.Case}, {difference.Place}", Tone.Bad);
        yield return new ReportLine("  " + Cut(difference.One));
        yield return new ReportLine("  " + Cut(difference.Other));
    }

    private static string Count(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    private static string Cut(string text) => text.Length <= MostChars ? text : text[..MostChars] + " ...";
}
