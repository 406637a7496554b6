// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.KillTables;

namespace TdxVerify.Reporting;

/// <summary>A kill table: a row a mutant, as soon as it is done, a column a way to make cases; the sums
/// behind.</summary>
public static class KillTableMarkdown
{
    /// <summary>The head of the rows.</summary>
    public static IEnumerable<ReportLine> Head(IReadOnlyList<KillColumn> columns) =>
    [
        Line(["mutant", .. columns.Select(static c => c.Name)]),
        Line(["---", .. columns.Select(static _ => "---")]),
    ];

    public static ReportLine Row(KillRow row) => Line([row.Mutant.Name, .. row.Cells.Select(Cell)]);

    /// <summary>The second table: what the rows add up to.</summary>
    public static IEnumerable<ReportLine> Sum(IReadOnlyList<KillColumn> columns, IReadOnlyList<KillRow> rows)
    {
        yield return new ReportLine("");
        yield return Line(["", .. columns.Select(static c => c.Name)]);
        yield return Line(["---", .. columns.Select(static _ => "---")]);
        yield return Line(["killed in every trial", .. Sums(columns, rows, static (_, cells) =>
            Text($"{cells.Count(static c => c.IsAlwaysKilled)} of {cells.Count}"))]);
        yield return Line(["killed in no trial", .. Sums(columns, rows, static (_, cells) =>
            Text($"{cells.Count(static c => c.Killed == 0)}"))]);
        yield return Line(["median of the median seconds", .. Sums(columns, rows, static (_, cells) =>
            Median(cells, "0.00", static c => c.MedianSeconds))]);
        yield return Line(["median of the median cases", .. Sums(columns, rows, static (_, cells) =>
            Median(cells, "0", static c => c.MedianCases))]);
        yield return Line(
            [$"cases, times those of {columns[0].Name}", .. Sums(columns, rows, (i, _) => Ratio(rows, i))]);
    }

    /// <summary>Trials that killed it; seconds: median (least-most); cases: median.</summary>
    private static string Cell(KillCell cell) => cell.Killed == 0
        ? "-"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{cell.Killed}/{cell.Trials} {cell.MedianSeconds:0.00} s ({cell.LeastSeconds:0.00}-"
                + $"{cell.MostSeconds:0.00}), {cell.MedianCases:0} cases");

    private static string Median(List<KillCell> cells, string format, Func<KillCell, double> number)
    {
        var numbers = cells.Where(static c => c.Killed > 0).Select(number).ToList();
        return numbers.Count == 0 ? "-" : KillCell.Median(numbers).ToString(format, CultureInfo.InvariantCulture);
    }

    private static IEnumerable<string> Sums(
        IReadOnlyList<KillColumn> columns, IReadOnlyList<KillRow> rows, Func<int, List<KillCell>, string> sum) =>
        columns.Select((_, i) => sum(i, [.. rows.Select(r => r.Cells[i])]));

    /// <summary>The geometric mean over mutants that both kill in every trial.</summary>
    private static string Ratio(IReadOnlyList<KillRow> rows, int column)
    {
        var logs = rows.Select(r => (First: r.Cells[0], Other: r.Cells[column]))
            .Where(static p => p.First.IsAlwaysKilled && p.Other.IsAlwaysKilled)
            .Select(static p => Math.Log(p.Other.MedianCases / p.First.MedianCases)).ToList();
        return logs.Count == 0 ? "-" : Text($"{Math.Exp(logs.Average()):0.0} (of {logs.Count})");
    }

    private static ReportLine Line(IEnumerable<string> cells) => new($"| {string.Join(" | ", cells)} |");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
