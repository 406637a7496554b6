// SPDX-License-Identifier: MIT

using System.Text.Json.Nodes;
using TdxVerify.Mutation.Kills;
using TdxVerify.Mutation.KillTables;

namespace TdxVerify.Reporting;

/// <summary>A kill table as one JSON object, with every trial.</summary>
public static class KillTableJson
{
    public static string Write(string kernel, ulong seed, double limitSeconds, IReadOnlyList<KillRow> rows) =>
        new JsonObject
        {
            ["kernel"] = kernel,
            ["seed"] = seed,
            ["limitSeconds"] = limitSeconds,
            ["mutants"] = new JsonArray([.. rows.Select(static r => Row(r))]),
        }.ToJsonString();

    private static JsonObject Row(KillRow row)
    {
        var columns = new JsonObject();
        foreach (var cell in row.Cells)
            columns[cell.Column.Name] = new JsonArray([.. cell.Kills.Select(static k => Trial(k))]);

        return new JsonObject { ["name"] = row.Mutant.Name, ["trials"] = columns };
    }

    private static JsonObject Trial(Kill kill) => new()
    {
        ["property"] = kill.Property,
        ["cases"] = kill.Cases,
        ["seconds"] = Math.Round(kill.Seconds, 3),
    };
}
