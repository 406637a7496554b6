// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Tests.Cli;

/// <summary>What bench says; never how fast anything is.</summary>
[Collection("script")]
public sealed class BenchCommandTests
{
    private static readonly string[] Stages = ["generate", "boot", "init", "module", "invariants", "relations", "coverage"];

    [Fact]
    public void AllPartsArePrinted()
    {
        var result = Script.Run(["bench", "--time", "200ms"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Empty(Script.Complaints(result));
        string[] parts =
        [
            "pipeline ", "mix ", "stages ", "  how ", "generator ", "list build ", "cases per CPU-second",
            "bytes allocated a case", "ns a scenario", "ns/region", "100,000 regions",
        ];
        Assert.All(parts, part => Assert.Contains(part, result.Output, StringComparison.Ordinal));
    }

    [Fact]
    public void JsonHasThePromisedKeys()
    {
        var result = Script.Run(["bench", "--time", "200ms", "--json"]);
        Assert.Equal(0, result.ExitCode);
        using var json = JsonDocument.Parse(Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        var root = json.RootElement;
        Assert.True(root.GetProperty("pipeline").GetProperty("casesPerCpuSecond").GetDouble() > 0);
        Assert.True(root.GetProperty("pipeline").GetProperty("bytesPerCase").GetDouble() >= 0);
        Assert.InRange(root.GetProperty("mix").GetProperty("wholeTdmrInit").GetDouble(), 0, 1);
        Assert.True(root.GetProperty("mix").GetProperty("regions").GetDouble() > 1);
        Assert.True(root.GetProperty("mix").GetProperty("seamcalls").GetDouble() > 1);
        Assert.Equal(Stages, root.GetProperty("stages").EnumerateObject().Select(static s => s.Name));
        Assert.Equal(1, root.GetProperty("stages").EnumerateObject().Sum(static s => s.Value.GetProperty("share").GetDouble()), 2);
        Assert.NotEmpty(root.GetProperty("method").GetString()!);
        Assert.True(root.GetProperty("generator").GetProperty("nsPerCase").GetDouble() > 0);
        Assert.Equal([16, 100, 1_000, 10_000, 100_000], root.GetProperty("listBuild").EnumerateArray().Select(static r => r.GetProperty("regions").GetInt32()));
        Assert.All(root.GetProperty("listBuild").EnumerateArray(), static r => Assert.True(r.GetProperty("ratio").GetDouble() > 0));
    }

    /// <summary>FsCheck and BenchmarkDotNet, with what they bring, are of src/Bench.</summary>
    [Fact]
    public void TheProgramComesWithoutPackagesOfBenchmarksAndTests()
    {
        Assert.Equal(0, Script.Run(["--version"]).ExitCode);
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "artifacts", "current"), "*.dll")
            .Select(Path.GetFileName).ToList();
        Assert.Contains("tdxverify.dll", files);
        string[] foreign = ["FsCheck", "FSharp", "BenchmarkDotNet", "CodeAnalysis", "xunit"];
        Assert.DoesNotContain(files, f => foreign.Any(word => f!.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("0s")]
    [InlineData("-1s")]
    [InlineData("1.5s")]
    public void ATimeNeedsANumberAndAUnit(string time)
    {
        var result = Script.Run(["bench", "--time", time]);
        Assert.Equal(2, result.ExitCode);
        Assert.Empty(result.Output);
    }
}
