// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Search;
using TdxVerify.Search.Races;

namespace TdxVerify.Reporting;

/// <summary>A schedule as a person reads it: a column a task, time runs down.</summary>
public static class RaceText
{
    private const int Width = 36;

    public static IEnumerable<ReportLine> Write(RaceFinding finding)
    {
        var first = finding.Violations[0];
        yield return new ReportLine($"{first.Property} violated: {PropertyCatalog.Of(first).Sentence}", Tone.Bad);
        if (first.Detail is { Length: > 0 } detail)
            yield return new ReportLine("  " + detail);

        if (finding.Violations.Count > 1)
        {
            var others = finding.Violations.Skip(1).Select(static v => v.Property);
            yield return new ReportLine("  also violated: " + string.Join(", ", others));
        }

        yield return new ReportLine(
            string.Create(CultureInfo.InvariantCulture, $"a schedule with {finding.Preemptions} preemptions:"));
        yield return new ReportLine("");
        var heading = "  " + string.Concat(finding.Tasks.Select(static t => t.PadRight(Width)));
        yield return new ReportLine(heading.TrimEnd(), Tone.Heading);
        foreach (var (task, what) in finding.Schedule)
            yield return new ReportLine("  " + new string(' ', task * Width) + what);
    }

    /// <summary>What no schedule is to blame for.</summary>
    public static IEnumerable<ReportLine> WriteSerial(IReadOnlyList<Violation> serial) =>
        serial.Select(static v => new ReportLine(
            $"violated by one task after the other, and left out: {v.Property} ({PropertyCatalog.Of(v).Sentence})",
            Tone.Note));
}
