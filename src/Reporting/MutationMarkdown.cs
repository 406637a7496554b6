// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.Kills;

namespace TdxVerify.Reporting;

/// <summary>What became of mutants, as a Markdown table with a row a mutant.</summary>
public static class MutationMarkdown
{
    public static IEnumerable<ReportLine> Head() =>
    [
        new("| mutant | line | before | after | fate | properties | cases | seconds | shrunk |"),
        new("|---|---|---|---|---|---|---|---|---|"),
    ];

    public static ReportLine Row(MutantResult result)
    {
        var mutant = result.Mutant;
        var size = result.Kills.Select(static k => k.Size).FirstOrDefault(static s => s is not null);
        return new ReportLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {mutant.Name} | {Path.GetFileName(mutant.Edit.File)}:{mutant.Line} | {Code(mutant.Before)} "
                + $"| {Code(mutant.After)} | {MutationText.Word(result.Fate)} "
                + $"| {(result.Argument is { } why ? Cell(why) : string.Join(", ", result.Properties))} "
                + $"| {result.MedianCases:0} | {result.MedianSeconds:0.00} "
                + $"| {(size is { } s ? $"{s.Steps} steps, {s.Lines} lines" : "")} |"));
    }

    private static string Code(string text) => text.Length == 0 ? "" : $"`{Cell(text)}`";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
