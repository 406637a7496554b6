// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Coverage;
using TdxVerify.Search.Reports;

namespace TdxVerify.Reporting;

/// <summary>A search as one JSON object on one line.</summary>
public static class CheckJson
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The object, without line end.</summary>
    /// <param name="seed">The seed; null for a replay.</param>
    /// <param name="kernel">The kernel that was searched, or null.</param>
    /// <param name="coverage">Kinds of cases; null for a replay.</param>
    /// <param name="unknown">Cases that ended where nobody knows the answer, and what the first asked.</param>
    /// <param name="report">What happened, of a replay.</param>
    public static string Write(
        ulong cases, ulong? seed, IReadOnlyList<(Finding Finding, string File)> findings, KernelUnderTest? kernel,
        CoverageCount? coverage, (ulong Cases, string? First) unknown = default, CaseReport? report = null)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteNumber("cases", cases);
            if (seed is { } number)
                json.WriteNumber("seed", number);

            if (kernel is not null)
                Write(json, kernel);

            json.WriteStartArray("findings");
            foreach (var (finding, file) in findings)
                Write(json, finding, file);

            json.WriteEndArray();
            if (report is not null)
                StepsJson.Write(json, report.Steps);

            WriteCoverage(json, coverage);
            if (unknown.First is not null)
            {
                json.WriteStartObject("unknown");
                json.WriteNumber("cases", unknown.Cases);
                json.WriteString("first", unknown.First);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void Write(Utf8JsonWriter json, Finding finding, string file)
    {
        json.WriteStartObject();
        json.WriteString("property", finding.Property.Id);
        json.WriteString("sentence", finding.Property.Sentence);
        json.WriteString("class", FindingText.ClassName(finding.Property.Class));
        json.WriteString("knownIssue", finding.Known?.Name);
        json.WriteNumber("case", finding.Violation.Case);
        json.WriteString(
            "evidence", EvidenceText.Write(finding.Property, finding.Violation.Verdict, finding.Scenario));
        json.WriteString("file", file);
        json.WriteString("scenario", ScenarioWriter.Write(finding.Scenario));
        json.WriteString("detail", finding.Violation.Detail);
        Write(json, "kernelLog", finding.Report?.KernelLog ?? []);
        Write(json, "lastEvents", finding.Report?.Events ?? []);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, KernelUnderTest kernel)
    {
        json.WriteStartObject("kernel");
        json.WriteString("name", kernel.Name);
        json.WriteString("commit", kernel.Commit);
        json.WriteString("mutant", kernel.Mutant);
        json.WriteString("compiler", kernel.Compiler);
        json.WriteString("profile", kernel.ProfileName);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> lines)
    {
        json.WriteStartArray(name);
        foreach (var line in lines)
            json.WriteStringValue(line);

        json.WriteEndArray();
    }

    private static void WriteCoverage(Utf8JsonWriter json, CoverageCount? coverage)
    {
        if (coverage is null)
            return;

        json.WriteStartObject("coverage");
        for (var i = 0; i < CoverageCatalog.All.Count; i++)
            json.WriteNumber(CoverageCatalog.All[i].Name, coverage.Met(i));

        json.WriteEndObject();
    }
}
