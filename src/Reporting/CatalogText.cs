// SPDX-License-Identifier: MIT

using TdxVerify.Search;
using TdxVerify.Search.Coverage;
using TdxVerify.Search.Designs;
using TdxVerify.Search.KnownIssues;
using TdxVerify.Search.Mutants;

namespace TdxVerify.Reporting;

/// <summary>Everything that can be named on the command line of a search.</summary>
public static class CatalogText
{
    public static IEnumerable<ReportLine> Write()
    {
        yield return new ReportLine($"statements ({PropertyCatalog.All.Count}):", Tone.Heading);
        foreach (var statement in PropertyCatalog.All)
        {
            yield return new ReportLine(
                $"  {statement.Id,-6} {FindingText.ClassName(statement.Class),-9} {statement.Sentence}");
        }

        yield return new ReportLine(
            $"slips ({MutantCatalog.All.Count}; a search with one must find something, but nothing with a neutral "
                + $"one):", Tone.Heading);
        foreach (var mutant in MutantCatalog.All)
        {
            yield return new ReportLine(
                $"  {mutant.Name,-26} {(mutant.IsFault ? "" : "neutral: ")}{mutant.Sentence} ({mutant.Source})");
        }

        yield return new ReportLine($"known findings ({KnownIssueCatalog.All.Count}):", Tone.Heading);
        foreach (var known in KnownIssueCatalog.All)
        {
            yield return new ReportLine($"  {known.Name,-20} {known.Invariant,-4} {known.Sentence}");
            yield return new ReportLine($"  {"",-25} {known.Judgement}", Tone.Note);
            yield return new ReportLine($"  {"",-25} Linux {known.Releases}", Tone.Note);
        }

        yield return new ReportLine($"designs ({DesignCatalog.All.Count}):", Tone.Heading);
        foreach (var design in DesignCatalog.All)
            yield return new ReportLine($"  {design.Name,-20} {design.Sentence} ({design.Source})");

        yield return new ReportLine($"kinds of cases ({CoverageCatalog.All.Count}):", Tone.Heading);
        foreach (var kind in CoverageCatalog.All)
            yield return new ReportLine($"  {kind.Name}");
    }
}
