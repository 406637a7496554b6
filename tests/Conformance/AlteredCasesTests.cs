// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json.Nodes;
using TdxVerify.Conformance;

namespace TdxVerify.Tests.Conformance;

/// <summary>A recorded case in which one answer was altered must disagree: the comparison itself is tested by breaking it.</summary>
public sealed class AlteredCasesTests
{
    private static readonly string[] HostAnswers =
    [
        "regions", "reserved", "memlist", "ret", "status", "memlist_after", "contig", "tdmrs", "freed_tdmrs",
        "live", "bad_free", "warns", "log", "kmallocs", "seamcalls", "wbinvd", "movdir", "notify", "ret2",
    ];

    [Theory]
    [InlineData("linux-6.12-tdx-host.jsonl")]
    [InlineData("tdx-module-config.jsonl")]
    [InlineData("tdx-module-cmrs.jsonl")]
    [InlineData("tdx-module-seq.jsonl")]
    [InlineData("tdx-module-sysrd.jsonl")]
    public void EveryAlteredAnswerIsNoticed(string file)
    {
        var path = Path.Combine(Repository.RequireCorpus(), "vectors", file);
        var random = new Random(20_260_101);
        var altered = Path.GetTempFileName();
        try
        {
            var lines = File.ReadLines(path).Select(l => Alter(l, random)).ToArray();
            File.WriteAllLines(altered, lines);
            var result = ConformanceRun.Judge(altered);
            Assert.Equal(lines.Length, result.Cases);
            Assert.Equal(lines.Length, result.DisagreeCount);
        }
        finally
        {
            File.Delete(altered);
        }
    }

    /// <summary>Changes one number, adds one, or drops a whole answer.</summary>
    private static string Alter(string line, Random random)
    {
        var recorded = JsonNode.Parse(line)!.AsObject();
        var answers = new List<(JsonNode Parent, string Key)>();
        foreach (var key in recorded.Select(static p => p.Key).Where(static k => HostAnswers.Contains(k) || k is "st" or "rdx" or "r8").ToArray())
        {
            if (recorded[key] is JsonArray or JsonObject)
            {
                Collect(recorded[key]!, 0, GivenIn(key), answers);
            }
            else
            {
                answers.Add((recorded, key));
            }
        }

        var (parent, name) = answers[random.Next(answers.Count)];
        if (parent is JsonObject holder && random.Next(4) == 0)
        {
            holder.Remove(name);
        }
        else
        {
            Bump(parent, name);
        }

        return recorded.ToJsonString();
    }

    /// <summary>All numbers below a node, except those that are given and not answered.</summary>
    private static void Collect(JsonNode node, int depth, Func<int, int, bool> isGiven, List<(JsonNode Parent, string Key)> answers)
    {
        if (node is JsonObject fields)
        {
            answers.AddRange(fields.Select(f => ((JsonNode)fields, f.Key)));
            return;
        }

        var items = node.AsArray();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is JsonArray or JsonObject)
            {
                Collect(items[i]!, depth + 1, isGiven, answers);
            }
            else if (!isGiven(depth, i))
            {
                answers.Add((items, i.ToString(CultureInfo.InvariantCulture)));
            }
        }
    }

    /// <summary>The place of an allocation and the request of a notifier call.</summary>
    private static Func<int, int, bool> GivenIn(string field) => field switch
    {
        "contig" => static (depth, index) => depth == 1 && index == 2,
        "notify" => static (depth, index) => depth == 1 && index < 2,
        _ => static (_, _) => false,
    };

    private static void Bump(JsonNode parent, string key)
    {
        var value = parent is JsonArray list ? list[int.Parse(key, CultureInfo.InvariantCulture)] : parent[key];
        JsonNode bumped = value!.GetValueKind() == System.Text.Json.JsonValueKind.String
            ? "0x" + (ulong.Parse(value.GetValue<string>().AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) ^ 1).ToString("x", CultureInfo.InvariantCulture)
            : value.GetValue<long>() + 1;
        if (parent is JsonArray array)
        {
            array[int.Parse(key, CultureInfo.InvariantCulture)] = bumped;
        }
        else
        {
            parent[key] = bumped;
        }
    }
}
