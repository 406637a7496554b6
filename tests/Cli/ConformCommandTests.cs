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
        Assert.Equal(1, disagree.ExitCode);
        Assert.Equal(
            "disagree        -: 1 of 1 case, TDX module, TDH.SYS.CONFIG and CMR check\n" + Disagreement("-:1")
                + "1 case in 1 file: 0 agree, 1 disagree; 0 other files not applicable\n",
            disagree.Output);
    }

    [Fact]
    public void TheLastLineCountsCasesAndFiles()
    {
        Write("right.jsonl", Right, Right, Right);
        Write("mixed.jsonl", Right, Wrong);
        Write("notes.txt", "neither cases nor a log");
        File.Copy(Script.Sample, Path.Combine(_folder, "dmesg.log"));
        var result = Script.Run(["conform", _folder]);
        Assert.Equal(1, result.ExitCode);
        Assert.Equal(
            "agree           FOLDER/dmesg.log: 1 case, kernel log: initialisation\n"
                + "disagree        FOLDER/mixed.jsonl: 1 of 2 cases, TDX module, TDH.SYS.CONFIG and CMR check\n"
                + Disagreement("FOLDER/mixed.jsonl:2")
                + "not applicable  FOLDER/notes.txt: neither recorded cases nor a kernel log\n"
                + "agree           FOLDER/right.jsonl: 3 cases, TDX module, TDH.SYS.CONFIG and CMR check\n"
                + "6 cases in 3 files: 5 agree, 1 disagree; 1 other file not applicable\n",
            result.Output.Replace(_folder, "FOLDER", StringComparison.Ordinal));
    }

    private static string Disagreement(string place) =>
        $"  {place} x\n    st\n      expected 0x0\n      got      0xc0000a2200000000\n    input {Wrong.TrimEnd('\n')}\n";

    private static string LastLine(Script.Result result) => result.Output.TrimEnd('\n').Split('\n')[^1];

    private void Write(string name, params string[] lines) => File.WriteAllLines(Path.Combine(_folder, name), lines);
}
