// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.Alterations;
using TdxVerify.Mutation.Table;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search;
using TdxVerify.Search.Coverage;
using TdxVerify.Search.Designs;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Reporting;

/// <summary>The tables of SPECIFICATION.md and README.md that are made from the catalogues, by name.</summary>
public static class CatalogMarkdown
{
    /// <summary>The tables, each with the name that stands in its mark.</summary>
    public static IReadOnlyList<(string Name, Func<IEnumerable<string>> Write)> Tables { get; } =
    [
        ("properties", Properties),
        ("known issues", KnownIssues),
        ("counts", Counts),
    ];

    /// <summary>All of them, each under its mark.</summary>
    public static IEnumerable<ReportLine> Write() => Tables.SelectMany(static t =>
        t.Write().Prepend($"<!-- list: {t.Name} -->").Append("<!-- end -->").Select(static l => new ReportLine(l)));

    private static IEnumerable<string> Properties()
    {
        yield return "| id | class | property | source | altered trace that violates it | mutant that violates it |";
        yield return "|---|---|---|---|---|---|";
        foreach (var property in PropertyCatalog.All.Where(static p => p.Id != Canary.Invariant.Id))
        {
            var evidence = PropertyEvidence.Of(property.Id);
            yield return $"| {property.Id} | {FindingText.ClassName(property.Class)} | {Cell(property.Sentence)} "
                + $"| {Cell(property.Source)} | {Cell(evidence.Alteration)} | {Cell(evidence.Mutant)} |";
        }
    }

    private static IEnumerable<string> KnownIssues()
    {
        yield return "| name | property | what happens | judgement | Linux | neighbour that is still reported |";
        yield return "|---|---|---|---|---|---|";
        foreach (var known in KnownIssueCatalog.All)
        {
            yield return $"| {known.Name} | {known.Invariant} | {Cell(known.Sentence)} | {Cell(known.Judgement)} "
                + $"| {Cell(known.Releases)} | {Cell(known.Neighbour)} |";
        }
    }

    private static IEnumerable<string> Counts()
    {
        var mutants = MutantTable.All.DistinctBy(static m => m.Name).ToList();
        (string What, int Count)[] counts =
        [
            ("properties", PropertyCatalog.All.Count - 1),
            ("known issues of Linux", KnownIssueCatalog.All.Count),
            ("designs", DesignCatalog.All.Count),
            ("coverage classes", CoverageCatalog.All.Count),
            ("mutants of kernel source, by hand", mutants.Count),
            ("of these equivalent", mutants.Count(static m => m.IsEquivalent)),
            ("rows of alterations that mean nothing", MeaninglessTable.All.Count),
        ];
        yield return "| what | number |";
        yield return "|---|---|";
        foreach (var (what, count) in counts)
            yield return string.Create(CultureInfo.InvariantCulture, $"| {what} | {count} |");
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
