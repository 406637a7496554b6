// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Table;
using TdxVerify.Search;
using TdxVerify.Search.Coverage;
using TdxVerify.Search.Designs;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Reporting;

/// <summary>Everything that can be named on the command line of a search.</summary>
public static class CatalogText
{
    public static IEnumerable<ReportLine> Write()
    {
        yield return new ReportLine($"properties ({PropertyCatalog.All.Count}):", Tone.Heading);
        foreach (var property in PropertyCatalog.All)
        {
            yield return new ReportLine(
                $"  {property.Id,-6} {FindingText.ClassName(property.Class),-9} {property.Sentence}");
        }

        var mutants = MutantTable.All.GroupBy(static m => m.Name).ToList();
        yield return new ReportLine(
            $"mutants of kernel source ({mutants.Count}; an equivalent one must not be reported):", Tone.Heading);
        foreach (var rows in mutants)
        {
            var row = rows.First();
            var properties = string.Join(", ", rows.SelectMany(static r => r.Properties).Distinct());
            yield return new ReportLine(
                $"  {row.Name,-26} {(row.IsEquivalent ? "equivalent" : properties)} ({row.File})");
        }

        yield return new ReportLine($"known issues ({KnownIssueCatalog.All.Count}):", Tone.Heading);
        foreach (var known in KnownIssueCatalog.All)
        {
            yield return new ReportLine($"  {known.Name,-20} {known.Invariant,-4} {known.Sentence}");
            yield return new ReportLine($"  {"",-25} {known.Judgement}", Tone.Note);
            yield return new ReportLine($"  {"",-25} Linux {known.Releases}", Tone.Note);
        }

        yield return new ReportLine($"designs ({DesignCatalog.All.Count}):", Tone.Heading);
        foreach (var design in DesignCatalog.All)
            yield return new ReportLine($"  {design.Name,-20} {design.Sentence} ({design.Source})");

        yield return new ReportLine($"coverage classes ({CoverageCatalog.All.Count}):", Tone.Heading);
        foreach (var kind in CoverageCatalog.All)
            yield return new ReportLine($"  {kind.Name}");
    }
}
