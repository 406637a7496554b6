// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Tests.Cli;

[Collection("script")]
public sealed class CheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TheReferenceHasNothingButKnownIssues()
    {
        var result = Check("--cases", "3000", "--seed", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^3000 cases, [1-7] findings \([1-7] known\), seed 1$", LastLine(result));
        Assert.Contains("kinds of cases met:", result.Output, StringComparison.Ordinal);
        Assert.Contains("known: too-many-holes (A1, first in case ", result.Output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Empty(Script.Complaints(result));
    }

    [Fact]
    public void APlantedFaultIsFoundKeptAndReplayed()
    {
        var result = Check("--slip", "entry-without-nid", "--invariant", "L7", "--seed", "7");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("L7 is broken: an entry carries the node of its memory", result.Output, StringComparison.Ordinal);
        Assert.Contains("  tdxverify: memblock add 0x100000+0x403000 node=1", result.Output, StringComparison.Ordinal);
        Assert.Contains("\n# memory, . nothing, P PAMT, ^ at fault\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("seed 7", LastLine(result), StringComparison.Ordinal);

        var file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Contains($"./tdxverify replay {file}", result.Output, StringComparison.Ordinal);
        var replay = Script.Run(["replay", file]);
        Assert.Equal(1, replay.ExitCode);
        Assert.Contains("L7 is broken: an entry carries the node of its memory", replay.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void ANeutralChangeIsNotMinded() => Assert.Equal(0, Check("--slip", "same-hole-break", "--cases", "3000", "--seed", "2").ExitCode);

    [Fact]
    public void TheCanaryFails()
    {
        var result = Check("--invariant", "canary", "--seed", "1", "--cases", "100");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("CANARY is broken", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void WorkersDoNotChangeAByte()
    {
        string[] search = ["--slip", "entropy-eleven", "--seed", "5"];
        var one = Check([.. search, "--workers", "1"]);
        Assert.Equal(1, one.ExitCode);
        Assert.Equal(one.Output, Check([.. search, "--workers", "2"]).Output);
        Assert.Equal(one.Output, Check([.. search, "--workers", "4"]).Output);
    }

    [Fact]
    public void ACaseIsRunAgainByItsNumber()
    {
        var found = Check("--slip", "hibernation-ignored", "--seed", "3", "--json");
        using var json = JsonDocument.Parse(found.Output);
        var number = json.RootElement.GetProperty("findings")[0].GetProperty("case").GetUInt64();
        var again = Check("--slip", "hibernation-ignored", "--seed", "3", "--case", $"{number}");
        Assert.Equal(1, again.ExitCode);
        Assert.Contains("G1 is broken", again.Output, StringComparison.Ordinal);
        Assert.Equal(0, Check("--seed", "3", "--case", $"{number}").ExitCode);
    }

    [Fact]
    public void JsonIsOneObjectOnOneLine()
    {
        var result = Check("--slip", "merge-never", "--seed", "1", "--json");
        using var json = JsonDocument.Parse(Assert.Single(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        var finding = json.RootElement.GetProperty("findings")[0];
        Assert.Equal("M4", finding.GetProperty("statement").GetString());
        Assert.Equal("CONTRACT", finding.GetProperty("class").GetString());
        Assert.True(File.Exists(finding.GetProperty("file").GetString()));
        Assert.Equal(1UL, json.RootElement.GetProperty("seed").GetUInt64());
        Assert.True(json.RootElement.GetProperty("coverage").EnumerateObject().Any());
    }

    [Fact]
    public void KeepGoingShowsEachViolatedPropertyOnce()
    {
        var result = Check("--slip", "merge-never", "--seed", "1", "--cases", "2000", "--keep-going");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith("2000 cases, ", LastLine(result), StringComparison.Ordinal);
        Assert.Equal(1, result.Output.Split('\n').Count(static l => l.StartsWith("M4 is broken", StringComparison.Ordinal)));
        Assert.True(Directory.GetFiles(_folder).Length > 1);
    }

    [Fact]
    public void StrictTakesKnownIssuesForFindings()
    {
        var result = Check("--strict", "--seed", "1", "--invariant", "S24");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("S24 is broken, as known", result.Output, StringComparison.Ordinal);
        Assert.Equal(1, Script.Run(["replay", Assert.Single(Directory.GetFiles(_folder))]).ExitCode);
    }

    [Fact]
    public void SearchesAroundARealMachine()
    {
        var result = Check("--from", Script.Sample, "--cases", "500", "--seed", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.StartsWith("500 cases, ", LastLine(result), StringComparison.Ordinal);
        Assert.Contains("too-many-holes", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void FindingsGoToTheStateFolderOfTheUser()
    {
        var result = Script.Run(["check", "--slip", "keyid-shared", "--seed", "26"], stateFolder: _folder);
        Assert.Equal(1, result.ExitCode);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tdxverify", "findings")));
        Assert.Matches(@"/[A-Z]+\d+-keyid-shared-26-\d+\.scn$", file);
    }

    [Fact]
    public void AFolderThatCanNotBeWrittenIsAFailureOfTheHarness()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var result = Script.Run(["check", "--slip", "keyid-shared", "--seed", "1", "--findings", file]);
        Assert.Equal(3, result.ExitCode);
        Assert.Single(Script.Complaints(result));
    }

    [Fact]
    public void TimeEndsASearch()
    {
        var result = Check("--time", "1s", "--seed", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+ cases, \d findings \(\d known\), seed 1$", LastLine(result));
    }

    [Fact]
    public void ReplayOfAHealthyMachineFindsNothing()
    {
        var file = Path.Combine(_folder, "healthy.scn");
        File.WriteAllText(file, "virt/tdx: CMR: [0x100000, 0x80000000)\ntdxverify: memblock add 0x100000+0x10000000 node=0\ntdxverify: step enable\n");
        var result = Script.Run(["replay", file]);
        Assert.Equal((0, "nothing is broken\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("tdxverify: statement L99\ntdxverify: memblock add 0x100000+0x1000 node=0\n", "expected a statement")]
    [InlineData("tdxverify: profile nonsense\ntdxverify: memblock add 0x100000+0x1000 node=0\n", "expected a profile or a slip")]
    [InlineData("hello\n", "expected")]
    public void ReplayRefusesWhatItDoesNotKnow(string text, string expected)
    {
        var result = Script.Run(["replay", "-"], text);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(expected, Assert.Single(Script.Complaints(result)), StringComparison.Ordinal);
    }

    [Fact]
    public void ListNamesEverything()
    {
        var result = Script.Run(["list", "--json"]);
        using var json = JsonDocument.Parse(result.Output);
        Assert.True(json.RootElement.GetProperty("statements").GetArrayLength() > 50);
        Assert.True(json.RootElement.GetProperty("slips").GetArrayLength() > 100);
        Assert.Equal(12, json.RootElement.GetProperty("known").GetArrayLength());
        Assert.Equal(14, json.RootElement.GetProperty("designs").GetArrayLength());
        Assert.True(json.RootElement.GetProperty("coverage").GetArrayLength() > 20);
        Assert.Contains("first-mib-kept", Script.Run(["list"]).Output, StringComparison.Ordinal);
    }

    private static string LastLine(Script.Result result) => result.Output.TrimEnd('\n').Split('\n')[^1];

    private Script.Result Check(params string[] arguments) => Script.Run(["check", "--findings", _folder, .. arguments]);
}
