// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Search.Races;

namespace TdxVerify.Reporting;

/// <summary>A schedule as a person reads it: a column a thread, time runs down.</summary>
public static class RaceText
{
    private const int Width = 34;

    public static IEnumerable<ReportLine> Write(RaceFinding finding)
    {
        yield return new ReportLine(finding.Rule, Tone.Bad);
        yield return new ReportLine(
            string.Create(CultureInfo.InvariantCulture, $"a schedule with {finding.Preemptions} preemptions:"));
        yield return new ReportLine("");
        yield return new ReportLine(
            ("  " + string.Concat(finding.Threads.Select(static t => t.PadRight(Width)))).TrimEnd(), Tone.Heading);
        foreach (var (thread, step) in finding.Schedule)
            yield return new ReportLine("  " + new string(' ', thread * Width) + step);
    }
}
