// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Mutation.Table;

/// <summary>mutants/equivalent.tsv: mutants that leave the kernel doing what it does, each with the argument. A row is
/// about the lines of source that it quotes, in whatever release they stand; "f#2" is the second of function f that
/// reads like that.</summary>
public static class EquivalentTable
{
    private const int Cells = 4;

    private static readonly Lazy<Dictionary<(string, string, string), string>> Own =
        new(static () => Read(Path.Combine(AppContext.BaseDirectory, "mutants", "equivalent.tsv")));

    /// <summary>Why a mutant is equivalent, or null: nobody says that it is.</summary>
    public static string? Argument(Mutant mutant) =>
        mutant.Operator == MutantTable.Operator
            ? MutantTable.All.Any(r => r.Name == mutant.Name && r.IsEquivalent) ? "written down as equivalent" : null
            : Own.Value.GetValueOrDefault((
                mutant.Nth == 1
                    ? mutant.Function
                    : string.Create(CultureInfo.InvariantCulture, $"{mutant.Function}#{mutant.Nth}"),
                mutant.Before, mutant.After));

    private static Dictionary<(string, string, string), string> Read(string path)
    {
        var rows = new Dictionary<(string, string, string), string>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (number == 1 || line.Length == 0 || line[0] == '#')
                continue;

            var cells = line.Split('\t');
            if (cells.Length != Cells)
                throw new FormatException($"{path}:{number}: expected {Cells} cells between tabs, got {cells.Length}");

            if (!rows.TryAdd((cells[0], cells[1], cells[2]), cells[3]))
                throw new FormatException($"{path}:{number}: expected every mutant once, this one is there above");
        }

        return rows;
    }
}
