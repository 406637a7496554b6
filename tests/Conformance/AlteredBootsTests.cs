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

    /// <summary>Answers of the boot itself.</summary>
    private static readonly string[] OfBoot = ["early_ranges", "zone_ranges", "movable_zone_starts", "block_size"];

    /// <summary>Answers of the enabling while the kernel booted.</summary>
    private static readonly string[] OfEnabling = ["result", "calls", "seq", "memblock_at", "tdmrs", "keyid", "memlist_pfn"];

    /// <summary>Answers of a step.</summary>
    private static readonly string[] OfStep = ["result", "changed", "notify", "memlist_pfn", "calls", "online_cpus"];

    [Theory]
    [InlineData("linux-6.12-hotplug-stock.jsonl")]
    [InlineData("linux-6.12-hotplug-tdx.jsonl")]
    [InlineData("linux-7.3-hotplug-stock.jsonl")]
    [InlineData("linux-7.3-hotplug-tdx.jsonl")]
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
        Take(recorded, OfBoot, "boot", answers);
        if (recorded["tdx_boot"] is JsonObject enabling)
        {
            Take(enabling, OfEnabling, "tdx_boot", answers);
        }

        var steps = recorded["steps"]!.AsArray();
        for (var i = 0; i < steps.Count; i++)
        {
            Take(steps[i]!.AsObject(), OfStep, $"step {i}", answers);
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

    private static void Take(JsonObject holder, string[] keys, string what, List<(JsonNode Parent, string Key, string What)> answers)
    {
        foreach (var key in keys.Where(k => holder[k] is not null))
        {
            if (key == "seq")
            {
                TakeCalls(holder[key]!.AsArray(), answers);
            }
            else if (holder[key] is JsonArray or JsonObject)
            {
                Collect(holder[key]!, $"{what} {key}", answers);
            }
            else
            {
                answers.Add((holder, key, what));
            }
        }
    }

    /// <summary>Leaf, status and count of calls that follow each other; on which CPU the initcall ran is the scheduler's.</summary>
    private static void TakeCalls(JsonArray calls, List<(JsonNode Parent, string Key, string What)> answers)
    {
        int[] ofThread = [34, 36, 45];
        foreach (var call in calls.Select(static c => c!.AsArray()))
        {
            answers.AddRange([(call, "0", "leaf"), (call, "2", "status"), (call, "3", "count")]);
            if (!ofThread.Contains(call[0]!.GetValue<int>()))
            {
                answers.Add((call, "1", "cpu"));
            }
        }
    }

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
