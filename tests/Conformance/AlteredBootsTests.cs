// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TdxVerify.Conformance;

namespace TdxVerify.Tests.Conformance;

/// <summary>A recorded boot in which one answer of one step was altered must disagree.</summary>
public sealed class AlteredBootsTests
{
    /// <summary>Numbers that come from the page allocator, or that only say what else is said.</summary>
    private static readonly string[] Unpredictable = ["managed", "online", "possible"];

    [Theory]
    [InlineData("linux-6.12-hotplug-stock.jsonl")]
    [InlineData("linux-6.12-hotplug-tdx.jsonl")]
    public void EveryAlteredAnswerIsNoticed(string file)
    {
        var path = Path.Combine(Repository.RequireCorpus(), "vectors", file);
        var random = new Random(20_261_122);
        var altered = Path.GetTempFileName();
        try
        {
            var lines = File.ReadLines(path).SelectMany(l => Enumerable.Range(0, 8).Select(_ => Alter(l, random))).ToArray();
            File.WriteAllLines(altered, lines.Select(static l => l.Line));
            for (var i = 0; i < lines.Length; i++)
            {
                File.WriteAllText(altered, lines[i].Line + "\n");
                Assert.True(ConformanceRun.Judge(altered).DisagreeCount == 1, $"{lines[i].What}: {lines[i].Line[..60]}");
            }
        }
        finally
        {
            File.Delete(altered);
        }
    }

    private static (string Line, string What) Alter(string line, Random random)
    {
        var recorded = JsonNode.Parse(line)!.AsObject();
        var answers = new List<(JsonNode Parent, string Key, string What)>();
        Collect(recorded["initial"]!, "initial", answers);
        var steps = recorded["steps"]!.AsArray();
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i]!.AsObject();
            answers.Add((step, "result", $"step {i} result"));
            foreach (var key in step.Select(static p => p.Key).Where(static k => k is "changed" or "notify" or "memlist_pfn" or "calls").ToArray())
            {
                Collect(step[key]!, $"step {i} {key}", answers);
            }
        }

        var (parent, name, what) = answers[random.Next(answers.Count)];
        var value = parent is JsonArray list ? list[int.Parse(name, CultureInfo.InvariantCulture)]! : parent[name]!;
        JsonNode other = value.GetValueKind() == JsonValueKind.Number ? value.GetValue<long>() + 1 : Other(value.GetValue<string>());
        if (parent is JsonArray array)
        {
            array[int.Parse(name, CultureInfo.InvariantCulture)] = other;
        }
        else
        {
            parent[name] = other;
        }

        return (recorded.ToJsonString(), $"{what}: {name} was {value.ToJsonString()}, now {other.ToJsonString()}");
    }

    private static string Other(string value) => value switch
    {
        ['0', 'x', ..] => "0x" + (ulong.Parse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) ^ 0x1000).ToString("x", CultureInfo.InvariantCulture),
        "OK" => "EINVAL",
        "DELETED" => "KEPT",
        "online" => "offline",
        "offline" => "online",
        "Movable" => "Normal",
        _ => value + "x",
    };

    private static void Collect(JsonNode node, string what, List<(JsonNode Parent, string Key, string What)> answers)
    {
        var children = node is JsonObject fields
            ? fields.Where(static f => !Unpredictable.Contains(f.Key)).Select(static f => (f.Key, f.Value))
            : node.AsArray().Select(static (v, i) => (Key: i.ToString(CultureInfo.InvariantCulture), Value: v));
        foreach (var (key, value) in children.ToArray())
        {
            if (value is JsonArray or JsonObject)
            {
                Collect(value, $"{what} {key}", answers);
            }
            else if (value is not null)
            {
                answers.Add((node, key, what));
            }
        }
    }
}
