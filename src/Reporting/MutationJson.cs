// SPDX-License-Identifier: MIT

using System.Text.Json.Nodes;
using TdxVerify.Mutation.Kills;

namespace TdxVerify.Reporting;

/// <summary>What became of mutants, as one JSON object.</summary>
public static class MutationJson
{
    public static string Write(string kernel, ulong seed, IReadOnlyList<MutantResult> results) => new JsonObject
    {
        ["kernel"] = kernel,
        ["seed"] = seed,
        ["mutants"] = new JsonArray([.. results.Select(static r => Mutant(r))]),
    }.ToJsonString();

    private static JsonObject Mutant(MutantResult result) => new()
    {
        ["name"] = result.Mutant.Name,
        ["file"] = result.Mutant.Edit.File,
        ["line"] = result.Mutant.Line,
        ["function"] = result.Mutant.Function,
        ["operator"] = result.Mutant.Operator,
        ["before"] = result.Mutant.Before,
        ["after"] = result.Mutant.After,
        ["fate"] = MutationText.Word(result.Fate),
        ["argument"] = result.Argument,
        ["properties"] = new JsonArray([.. result.Properties.Select(static p => (JsonNode)p)]),
        ["kills"] = new JsonArray([.. result.Kills.Select(static k => Trial(k))]),
    };

    private static JsonObject Trial(Kill kill) => new()
    {
        ["property"] = kill.Property,
        ["cases"] = kill.Cases,
        ["seconds"] = Math.Round(kill.Seconds, 3),
        ["steps"] = kill.Size?.Steps,
        ["lines"] = kill.Size?.Lines,
    };
}
