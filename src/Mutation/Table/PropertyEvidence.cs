// SPDX-License-Identifier: MIT

namespace TdxVerify.Mutation.Table;

/// <summary>What shows that a property can be violated.</summary>
/// <param name="Property">Its id.</param>
/// <param name="Alteration">An altered trace that violates it, "subject: change"; "" where none does.</param>
/// <param name="Mutant">A mutant of kernel source that does; "" where none does.</param>
public sealed record PropertyEvidence(string Property, string Alteration, string Mutant)
{
    private const int Cells = 3;

    private static readonly Lazy<IReadOnlyList<PropertyEvidence>> Own =
        new(static () => Read(Path.Combine(AppContext.BaseDirectory, "mutants", "properties.tsv")));

    /// <summary>mutants/properties.tsv, which tests write: the alterations are tried by one, the mutants by
    /// another.</summary>
    public static IReadOnlyList<PropertyEvidence> All => Own.Value;

    /// <summary>What is known of a property; nothing where the table has no row.</summary>
    public static PropertyEvidence Of(string property) =>
        All.FirstOrDefault(e => e.Property == property) ?? new PropertyEvidence(property, "", "");

    /// <summary>Reads a table: a heading, then rows of three cells between tabs.</summary>
    /// <exception cref="FormatException">A row can't be read: the message names it.</exception>
    public static IReadOnlyList<PropertyEvidence> Read(string path)
    {
        var rows = new List<PropertyEvidence>();
        var number = 1;
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            number++;
            var cells = line.Split('\t');
            if (cells.Length != Cells)
                throw new FormatException($"{path}:{number}: expected {Cells} cells between tabs, got {cells.Length}");

            rows.Add(new PropertyEvidence(cells[0], cells[1], cells[2]));
        }

        return rows;
    }

    /// <summary>A table as it is kept.</summary>
    public static string Write(IEnumerable<PropertyEvidence> rows) =>
        "property\talteration\tmutant\n"
            + string.Concat(rows.Select(static r => $"{r.Property}\t{r.Alteration}\t{r.Mutant}\n"));
}
