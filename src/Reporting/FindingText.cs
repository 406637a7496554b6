// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Properties.Invariants;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Differences;
using TdxVerify.Search.Reports;

namespace TdxVerify.Reporting;

/// <summary>A finding for a terminal: the sentence, the smallest scenario, the picture, the command that shows it
/// again.</summary>
public static class FindingText
{
    private const string Indent = "  ";

    /// <summary>
    /// The origin is "case 7 of seed 42" or the file that was read; the file shows the finding again, with the options
    /// that name the kernel.
    /// </summary>
    public static IEnumerable<ReportLine> Write(
        Finding finding, string origin, string file, KernelUnderTest? kernel = null)
    {
        var property = finding.Property;
        var isKnown = finding.Known is not null;
        yield return new ReportLine(
            $"{property.Id} violated{(isKnown ? " (known issue)" : "")}: {property.Sentence}", isKnown
                ? Tone.Note
                : Tone.Bad);
        if (property is DifferentialProperty)
            yield return new ReportLine($"{Indent}{DifferenceAlone(property)}", Tone.Note);

        if (EvidenceText.Write(property, finding.Violation.Verdict, finding.Scenario) is { Length: > 0 } evidence)
            yield return new ReportLine(Indent + evidence);

        if (finding.Violation.Detail is { } detail)
            yield return new ReportLine(Indent + detail);

        yield return new ReportLine($"{Indent}{ClassName(property.Class)}; source: {property.Source}", Tone.Note);
        if (kernel is not null)
            yield return new ReportLine(Indent + Subject(kernel), Tone.Note);

        if (finding.Known is { } known)
        {
            yield return new ReportLine($"{Indent}known issue {known.Name}: {known.Sentence}", Tone.Note);
            yield return new ReportLine($"{Indent}{known.Judgement}", Tone.Note);
            yield return new ReportLine($"{Indent}Linux {known.Releases}", Tone.Note);
        }

        if (finding.SecondTrace is not null)
        {
            yield return new ReportLine(
                $"{Indent}flaky: it failed once and not a second time, so it is shown as it was found; both traces "
                    + $"are in the file", Tone.Bad);
        }

        if (finding.Violation.Also is { Count: > 0 } also)
            yield return new ReportLine($"{Indent}the case also violates {string.Join(", ", also)}", Tone.Note);

        if (finding.Scenario.Profile is { } profile)
            yield return new ReportLine($"{Indent}profile {profile}", Tone.Note);

        foreach (var line in Happened(finding.Report))
            yield return line;

        yield return new ReportLine("");
        yield return new ReportLine(
            string.Create(CultureInfo.InvariantCulture, $"smallest scenario ({origin}, {finding.Evaluations} tried):"),
            Tone.Heading);
        foreach (var line in ScenarioWriter.Write(finding.Scenario).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            yield return new ReportLine(Indent + line);

        yield return new ReportLine("");
        if (!finding.Violation.Verdict.Range.IsEmpty)
        {
            foreach (var line in FaultPicture.Draw(finding.Memory, finding.Pamts, finding.Violation.Verdict.Range))
                yield return new ReportLine(line);

            yield return new ReportLine("# memory, . nothing, P PAMT, ^ at fault", Tone.Note);
        }

        var options = string.Concat((kernel?.Options ?? []).Select(static word => " " + Quoted(word)));
        yield return new ReportLine($"show it again: ./tdxverify replay {Quoted(file)}{options}", Tone.Heading);
    }

    /// <summary>No other property names what is wrong: perhaps nothing is.</summary>
    private static string DifferenceAlone(Property property) => property == DifferentialProperty.WithReference
        ? "the tree differs from the known release; no property says that it is wrong (--without K4 leaves this out)"
        : "the trees differ; which of them is right it does not say";

    /// <summary>"kernel ~/linux (1a2b3c4d5e6f, changed), gcc 12.2.0".</summary>
    public static string Subject(KernelUnderTest kernel) =>
        $"kernel {kernel.Name}{(kernel.Commit is { } commit ? $" ({commit})" : "")}"
            + (kernel.Mutant is { } mutant ? $", mutant {mutant}" : "")
            + (kernel.Compiler.Length > 0 ? $", {kernel.Compiler}" : "");

    private static IEnumerable<ReportLine> Happened(CaseReport? report)
    {
        if (report is null)
            yield break;

        yield return new ReportLine("");
        yield return new ReportLine("the kernel's log:", Tone.Heading);
        foreach (var line in report.KernelLog.DefaultIfEmpty("(empty)"))
            yield return new ReportLine(Indent + line);

        yield return new ReportLine("");
        yield return new ReportLine("the last events:", Tone.Heading);
        foreach (var line in report.Events)
            yield return new ReportLine(Indent + line);
    }

    /// <summary>The class as design and specification spell it.</summary>
    public static string ClassName(PropertyClass kind) => kind switch
    {
        PropertyClass.Safety => "SAFETY",
        PropertyClass.Contract => "CONTRACT",
        _ => "AS-MERGED",
    };

    private static string Quoted(string file) =>
        file.Any(static c => !char.IsLetterOrDigit(c) && !"/._-+=:,@~".Contains(c))
        ? "'" + file.Replace("'", "'\\''", StringComparison.Ordinal) + "'"
        : file;
}
