// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Cli;

[Collection("script")]
public sealed class ConformCommandTests : IDisposable
{
    private const string Case = """{"f":"x","st":"STATUS","in":{"op":"checkCmrs","cmrs":[["0x0","0x1000"],["0x800","0x1000"]]}}""";
    private static readonly string Right = Case.Replace("STATUS", "0xc0000a2200000000", StringComparison.Ordinal);
    private static readonly string Wrong = Case.Replace("STATUS", "0x0", StringComparison.Ordinal);

    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-conform-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void AgreementIsZeroAndDisagreementOne()
    {
        var agree = Script.Run(["conform", "-"], Right);
        Assert.Equal((0, "1 case in 1 file: 1 agree, 0 disagree; 0 other files not applicable"), (agree.ExitCode, LastLine(agree)));
        Assert.StartsWith("agree           -: 1 case, TDX module", agree.Output, StringComparison.Ordinal);
        var disagree = Script.Run(["conform", "-"], Wrong);
        Assert.Equal((1, "1 case in 1 file: 0 agree, 1 disagree; 0 other files not applicable"), (disagree.ExitCode, LastLine(disagree)));
        Assert.Contains("expected 0x0", disagree.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheLastLineCountsCasesAndFiles()
    {
        Write("right.jsonl", Right, Right, Right);
        Write("mixed.jsonl", Right, Wrong);
        Write("notes.txt", "neither cases nor a log");
        File.Copy(Script.Sample, Path.Combine(_folder, "dmesg.log"));
        var result = Script.Run(["conform", _folder]);
        Assert.Equal((1, "6 cases in 3 files: 5 agree, 1 disagree; 1 other file not applicable"), (result.ExitCode, LastLine(result)));
        Assert.Contains("mixed.jsonl: 1 of 2 cases, TDX module", result.Output, StringComparison.Ordinal);
        Assert.Contains("dmesg.log: 1 case, kernel log: initialisation", result.Output, StringComparison.Ordinal);
    }

    private static string LastLine(Script.Result result) => result.Output.TrimEnd('\n').Split('\n')[^1];

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(_folder, name), lines);
}
