// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Search.Designs;

namespace TdxVerify.Reporting;

/// <summary>The table of designs as Markdown: a row a design that breaks what others hold.</summary>
public static class DesignMarkdown
{
    public static IEnumerable<ReportLine> Write(IReadOnlyList<DesignVerdict> verdicts)
    {
        var rows = verdicts.GroupBy(static v => v.Invariant).Where(static g => g.Any(static v => v.Broken is not null))
            .Select(static g => g.Key).ToList();
        yield return new ReportLine(
            "| design | keeps memblock | cases | " + string.Join(" | ", rows.Select(static r => r.Id)) + " |");
        yield return new ReportLine("|---|---|---|" + string.Concat(rows.Select(static _ => "---|")));
        foreach (var design in verdicts.GroupBy(static v => v.Design))
        {
            var cells = rows.Select(r => design.First(v => v.Invariant == r))
                .Select(static v =>
                    v.Broken is null ? "holds" : v.Broken.Known is { } known ? known.Name : "**violated**");
            yield return new ReportLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"| {design.Key.Name} | {(design.Key.NeedsKeepMemblock ? "yes" : "no")} | {design.First().Cases} "
                        + $"| {string.Join(" | ", cells)} |"));
        }

        yield return new ReportLine("");
        yield return new ReportLine("- keeps memblock: needs CONFIG_ARCH_KEEP_MEMBLOCK");
        foreach (var row in rows)
            yield return new ReportLine($"- {row.Id}: {row.Sentence}");

        yield return new ReportLine("");
        foreach (var verdict in verdicts.Where(static v => v.Broken is not null))
            yield return new ReportLine($"- {verdict.Design.Name} violates {verdict.Invariant.Id}: `{verdict.File}`");
    }
}
