// SPDX-License-Identifier: MIT

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TdxVerify.Search.Reports;

namespace TdxVerify.Reporting;

/// <summary>What steps did, as JSON on one line.</summary>
public static class StepsJson
{
    private static readonly JsonWriterOptions Options =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>{"designs":[{"name":"union","steps":[{"step":"enable",..},..]},..]}.</summary>
    public static string Compare(IReadOnlyList<(string Name, IReadOnlyList<StepReport> Steps)> all)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            json.WriteStartArray("designs");
            foreach (var (name, steps) in all)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                Write(json, steps);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>"steps":[{"step":"enable","result":"0","changes":[..]},..] of an object that is begun.</summary>
    internal static void Write(Utf8JsonWriter json, IReadOnlyList<StepReport> steps)
    {
        json.WriteStartArray("steps");
        foreach (var step in steps)
        {
            json.WriteStartObject();
            json.WriteString("step", step.Step);
            json.WriteString("result", step.Result);
            json.WriteStartArray("changes");
            foreach (var change in step.Changes)
                json.WriteStringValue(change);

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
