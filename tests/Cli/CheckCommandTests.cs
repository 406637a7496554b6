// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Tests.Cli;

[Collection("script")]
public sealed class CheckCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-check-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AViolationIsKeptAndReplayed()
    {
        var result = Check("--strict", "--property", "S24", "--seed", "1", "--json");
        using var json = JsonDocument.Parse(result.Output);
        var finding = json.RootElement.GetProperty("findings")[0];
        var file = Assert.Single(Directory.GetFiles(_folder));
        Assert.Equal(file, finding.GetProperty("file").GetString());
        Assert.Equal(1, Script.Run(["replay", "--strict", file]).ExitCode);

        var number = finding.GetProperty("case").GetUInt64();
        Assert.Equal(1, Check("--strict", "--property", "S24", "--seed", "1", "--case", $"{number}").ExitCode);
        Assert.Equal(0, Check("--property", "S24", "--seed", "1", "--case", $"{number}").ExitCode);
    }

    [Fact]
    public void APropertyCanBeLeftOut()
    {
        string[] search = ["--strict", "--property", "S9", "S24", "--seed", "1", "--cases", "5000"];
        Assert.Equal(1, Check([.. search, "--without", "S9"]).ExitCode);
        Assert.Equal(1, Check([.. search, "--without", "S24"]).ExitCode);
        Assert.All(Directory.GetFiles(_folder).Select(Path.GetFileName), static f => Assert.Matches("^(S9|S24)-", f));
        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        var nothing = Check([.. search, "--without", "S9,S24"]);
        Assert.Equal(2, nothing.ExitCode);
        Assert.Equal("tdxverify: --without: expected a property that is left to check, got none", Assert.Single(Script.Complaints(nothing)));
    }

    [Fact]
    public void WorkersDoNotChangeAByte()
    {
        string[] search = ["--strict", "--property", "S24", "--seed", "5"];
        var one = Check([.. search, "--workers", "1"]);
        Assert.Equal(1, one.ExitCode);
        Assert.Equal(one.Output, Check([.. search, "--workers", "2"]).Output);
        Assert.Equal(one.Output, Check([.. search, "--workers", "4"]).Output);
    }

    [Fact]
    public void FindingsGoToTheStateFolderOfTheUser()
    {
        var result = Script.Run(["check", "--strict", "--property", "S24", "--seed", "26"], stateFolder: _folder);
        Assert.Equal(1, result.ExitCode);
        var file = Assert.Single(Directory.GetFiles(Path.Combine(_folder, "tdxverify", "findings")));
        Assert.Matches(@"/S24-[a-z-]*26-\d+\.scn$", file);
    }

    [Fact]
    public void AFolderThatCanNotBeWrittenIsAFailureOfTheHarness()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var result = Script.Run(["check", "--strict", "--property", "S24", "--seed", "1", "--findings", file]);
        Assert.Equal(3, result.ExitCode);
        Assert.Single(Script.Complaints(result));
    }

    [Fact]
    public void TimeEndsASearch()
    {
        var result = Check("--time", "1s", "--seed", "1");
        Assert.Equal(0, result.ExitCode);
        Assert.Matches(@"^\d+ cases, \d+ findings \(\d+ known issues\), seed 1$", LastLine(result));
    }

    private static string LastLine(Script.Result result) => result.Output.TrimEnd('\n').Split('\n')[^1];

    private Script.Result Check(params string[] arguments) => Script.Run(["check", "--findings", _folder, .. arguments]);
}
