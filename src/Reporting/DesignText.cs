// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Search.Designs;

namespace TdxVerify.Reporting;

/// <summary>The table of designs for a terminal: a letter a design, a row an invariant, and below it what is broken by
/// which file.</summary>
public static class DesignText
{
    public static IEnumerable<ReportLine> Write(IReadOnlyList<DesignVerdict> verdicts)
    {
        var designs = verdicts.Select(static v => v.Design).Distinct().ToList();
        for (var i = 0; i < designs.Count; i++)
        {
            var tried = verdicts.First(v => v.Design == designs[i]).Cases;
            yield return new ReportLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Letter(i)}  {designs[i].Name,-18} {designs[i].Sentence} ({tried} cases)"));
        }

        yield return new ReportLine("");
        yield return new ReportLine(
            "keep " + string.Concat(designs.Select(static d => d.NeedsKeepMemblock ? " y" : " ."))
                + "   y needs CONFIG_ARCH_KEEP_MEMBLOCK");
        yield return new ReportLine(
            "     " + string.Concat(designs.Select(static (_, i) => " " + Letter(i)))
                + "   X violated, k violated (known issue), . holds in all cases", Tone.Heading);
        foreach (var row in verdicts.GroupBy(static v => v.Invariant))
        {
            var marks =
                string.Concat(row.Select(static v => v.Broken is null ? " ." : v.Broken.Known is null ? " X" : " k"));
            yield return new ReportLine(
                $"{row.Key.Id,-5}{marks}   {row.Key.Sentence}", marks.Contains('X', StringComparison.Ordinal)
                    ? Tone.Bad
                    : Tone.Plain);
        }

        foreach (var design in designs)
        {
            var broken = verdicts.Where(v => v.Design == design && v.Broken is not null).ToList();
            if (broken.Count == 0)
                continue;

            yield return new ReportLine("");
            yield return new ReportLine(design.Name, Tone.Heading);
            foreach (var verdict in broken)
            {
                var known = verdict.Broken!.Known is { } finding ? $" (known issue: {finding.Name})" : "";
                yield return new ReportLine($"  {verdict.Invariant.Id,-4} {verdict.File}{known}");
            }
        }
    }

    private static char Letter(int index) => (char)('a' + index);
}
