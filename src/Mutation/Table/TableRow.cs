// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Source;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Mutation.Table;

/// <summary>A row of mutants/kernel.tsv: a mutant that somebody wrote down.</summary>
/// <param name="File">From the top of the tree.</param>
/// <param name="Since">The first release with the code that it changes, or null.</param>
/// <param name="Until">The first release without it, or null.</param>
/// <param name="Properties">Which may report it: ids, or the letter of a family; none: it is equivalent.</param>
/// <param name="Before">What stands in the file, once.</param>
public sealed record TableRow(
    string Name, string File, Version? Since, Version? Until, Strategy Strategy, IReadOnlyList<string> Properties,
    string Before, string After)
{
    /// <summary>No property may report it.</summary>
    public bool IsEquivalent => Properties.Count == 0;

    /// <summary>True when a release has the code that it changes; a tree that doesn't say its release is
    /// tried.</summary>
    public bool AppliesTo(Version? release) =>
        release is null || ((Since is null || release >= Since) && (Until is null || release < Until));

    /// <summary>True when a property may report it.</summary>
    public bool IsReportedBy(string property) => Properties.Any(p =>
        p == property || (p.Length == 1 && property.StartsWith(p, StringComparison.Ordinal)));

    /// <summary>The mutant in a tree.</summary>
    /// <exception cref="FormatException">What it changes is not there, or more than once.</exception>
    public Mutant In(string tree)
    {
        var path = Path.Combine(tree, File);
        var text = System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path) : "";
        var count = text.Split(Before).Length - 1;
        if (count != 1)
        {
            throw new FormatException(
                $"{Name}: expected once in {File}, found {count} times: {Before.ReplaceLineEndings(" ")}");
        }

        var edit = new SourceEdit(File, text.IndexOf(Before, StringComparison.Ordinal), Before.Length, After);
        var file = new CFile(File, text);
        var (line, before, after) = file.LinesAround(edit);
        return new Mutant(Name, edit, FunctionAt(file, edit.Start), MutantTable.Operator, line, before, after)
        {
            Strategy = Strategy,
        };
    }

    private static string FunctionAt(CFile file, int offset) =>
        file.Functions.LastOrDefault(f => file.Tokens[f.Body.First].Start <= offset
            && offset < file.Tokens[f.Body.End - 1].End)?.Name ?? "";
}
