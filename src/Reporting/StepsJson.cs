// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Search.Reports;

namespace TdxVerify.Reporting;

/// <summary>The same steps under several policies, as one JSON object on one line.</summary>
public static class StepsJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>{"designs":[{"name":"union","steps":[{"step":"enable",..},..]},..]}.</summary>
    public static string Compare(IReadOnlyList<(string Name, IReadOnlyList<StepReport> Steps)> all) =>
        JsonSerializer.Serialize(
            new { designs = all.Select(static a => new { name = a.Name, steps = a.Steps }) },
            Options);
}
