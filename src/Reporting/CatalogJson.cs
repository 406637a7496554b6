// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TdxVerify.Mutation.Table;
using TdxVerify.Search;
using TdxVerify.Search.Coverage;
using TdxVerify.Search.Designs;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Reporting;

/// <summary>The catalogue of a search as one JSON object on one line.</summary>
public static class CatalogJson
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            WriteArray(json, "properties", PropertyCatalog.All,
                static s => [("id", s.Id), ("class", FindingText.ClassName(s.Class)), ("sentence", s.Sentence),
                    ("source", s.Source)]);
            WriteArray(json, "mutants", MutantTable.All, static m =>
                [("name", m.Name), ("file", m.File), ("since", m.Since?.ToString() ?? ""),
                    ("until", m.Until?.ToString() ?? ""), ("properties", string.Join(',', m.Properties)),
                    ("before", m.Before), ("after", m.After)]);
            WriteArray(json, "knownIssues", KnownIssueCatalog.All, static k =>
                [("name", k.Name), ("property", k.Invariant), ("sentence", k.Sentence), ("judgement", k.Judgement),
                    ("releases", k.Releases), ("source", k.Source), ("neighbour", k.Neighbour)]);
            WriteArray(
                json, "designs", DesignCatalog.All,
                    static d => [("name", d.Name), ("sentence", d.Sentence), ("source", d.Source)]);
            WriteArray(json, "coverage", CoverageCatalog.All, static c => [("name", c.Name)]);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static void WriteArray<T>(
        Utf8JsonWriter json, string name, IReadOnlyList<T> items, Func<T, (string Key, string Value)[]> fields)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            foreach (var (key, value) in fields(item))
                json.WriteString(key, value);

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
