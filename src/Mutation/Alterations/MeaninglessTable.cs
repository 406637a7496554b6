// SPDX-License-Identifier: MIT

using System.IO.Enumeration;

namespace TdxVerify.Mutation.Alterations;

/// <summary>mutants/alterations.tsv: alterations that mean nothing, each with the reason. In subject and change, *
/// stands for anything; the first row that fits counts.</summary>
public static class MeaninglessTable
{
    private const int Cells = 3;

    private static readonly Lazy<IReadOnlyList<MeaninglessRow>> Own =
        new(static () => Read(Path.Combine(AppContext.BaseDirectory, "mutants", "alterations.tsv")));

    public static IReadOnlyList<MeaninglessRow> All => Own.Value;

    /// <summary>Why an alteration means nothing, or null: it must be noticed.</summary>
    public static MeaninglessRow? Find(string subject, string change) =>
        All.FirstOrDefault(r => Fits(r.Subject, subject) && Fits(r.Change, change));

    private static bool Fits(string pattern, string text) =>
        FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    /// <summary>Reads a table: a heading, then rows of cells between tabs.</summary>
    /// <exception cref="FormatException">A row can't be read: the message names it.</exception>
    public static IReadOnlyList<MeaninglessRow> Read(string path)
    {
        var rows = new List<MeaninglessRow>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
                continue;

            var cells = line.Split('\t');
            if (cells.Length != Cells)
                throw new FormatException($"{path}:{number}: expected {Cells} cells between tabs, got {cells.Length}");

            rows.Add(new MeaninglessRow(cells[0], cells[1], cells[2]));
        }

        return rows[1..];
    }
}
