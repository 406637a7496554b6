// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;

namespace TdxVerify.Mutation.Table;

/// <summary>mutants/kernel.tsv: one mutant a row, cells between tabs, \n and \t for line ends and tabs inside, "-" for
/// nothing. Rows of one name are the same mutant in different releases.</summary>
public static class MutantTable
{
    /// <summary>What a mutant of this table has as its rule.</summary>
    public const string Operator = "table";

    private const int Cells = 8;
    private const string Nothing = "-";
    private const string Equivalent = "equivalent";

    private static readonly Lazy<IReadOnlyList<TableRow>> Own =
        new(static () => Read(Path.Combine(AppContext.BaseDirectory, "mutants", "kernel.tsv")));

    /// <summary>The table that lies beside the program.</summary>
    public static IReadOnlyList<TableRow> All => Own.Value;

    /// <summary>Rows that a release has the code for.</summary>
    public static IEnumerable<TableRow> Of(Version? release) => All.Where(r => r.AppliesTo(release));

    /// <summary>Reads a table.</summary>
    /// <exception cref="FormatException">A row can't be read: the message names it.</exception>
    public static IReadOnlyList<TableRow> Read(string path)
    {
        var rows = new List<TableRow>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (number > 1 && line.Length > 0 && line[0] != '#')
                rows.Add(Row(path, number, line));
        }

        return rows;
    }

    private static TableRow Row(string path, int number, string line)
    {
        var cells = line.Split('\t');
        if (cells.Length != Cells)
            throw new FormatException($"{path}:{number}: expected {Cells} cells between tabs, got {cells.Length}");

        return Enum.TryParse<Strategy>(cells[4], ignoreCase: true, out var strategy)
            ? new TableRow(
                cells[0], cells[1], Release(path, number, cells[2]), Release(path, number, cells[3]), strategy,
                cells[5] == Equivalent ? [] : cells[5].Split(','), Text(cells[6]), Text(cells[7]))
            : throw new FormatException($"{path}:{number}: expected a strategy, got '{cells[4]}'");
    }

    private static Version? Release(string path, int number, string cell) =>
        cell == Nothing ? null
        : Version.TryParse(cell, out var release) ? release
        : throw new FormatException($"{path}:{number}: expected a release like 6.12 or '-', got '{cell}'");

    private static string Text(string cell) => cell
        .Replace("\\\\", "\0", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal)
        .Replace("\\t", "\t", StringComparison.Ordinal).Replace('\0', '\\');
}
