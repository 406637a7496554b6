// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Diagnosis;
using TdxVerify.Reporting;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Reporting;

/*
 *  |.########..#..#. ... .#......|      [1M, 1G + 8M), then 16 islands of 1 MiB: holes in front, 16 between, behind: 18
 *  0                             2G
 */
public sealed class ExplainReportTests
{
    private readonly Explanation _good = KernelLog.Usual().Ram(M, 2 * G).Ram(4 * G, 8 * G).Cmr(M, 2 * G).Cmr(4 * G, 8 * G).Explain();
    private readonly Explanation _bad = Crowded().Explain();

    // [0, 2G) and [4G, 8G): 6 * 4104 KB and 4 KB a TDMR.
    [Fact]
    public void SuccessIsTheFirstLine()
    {
        var line = ExplainText.Write(_good)[0];
        Assert.Equal(("boot.log: TDX initialises, 24632 KB of PAMT", Tone.Good), (line.Text, line.Tone));
    }

    [Fact]
    public void FailureIsTheFirstLine()
    {
        var line = ExplainText.Write(_bad)[0];
        Assert.Equal(("boot.log: TDX fails to initialise (-28, -ENOSPC)", Tone.Bad), (line.Text, line.Tone));
    }

    [Fact]
    public void FailureShowsThePictureOfItsTdmr()
    {
        var lines = ExplainText.Write(_bad).Select(static l => l.Text).ToList();
        var marks = lines.FindIndex(static l => l.TrimStart().StartsWith("1 ", StringComparison.Ordinal) && l.Contains('^', StringComparison.Ordinal));
        Assert.True(marks > 1);
        Assert.Equal(74, lines[marks - 1].Length);
        Assert.Equal("0x0", lines[marks - 2].Trim().Split(' ')[0]);
    }

    [Fact]
    public void KernelsOwnWordsAreShown() =>
        Assert.Contains(
            "  virt/tdx: initialization failed: TDMR [0x0, 0x80000000): reserved areas exhausted.",
            ExplainText.Write(_bad).Select(static l => l.Text));

    [Fact]
    public void EveryRemedyIsShown()
    {
        Assert.NotEmpty(_bad.Remedies);
        Assert.All(_bad.Remedies, r => Assert.Contains(ExplainText.Write(_bad), l => l.Text.Contains(r.Text, StringComparison.Ordinal)));
    }

    [Fact]
    public void ReportWithoutMemorySaysSo()
    {
        var failed = new KernelLog().Line("Linux version 6.12.0").Line("virt/tdx: module not loaded").Explain();
        Assert.Equal((true, false), (failed.Fails, failed.HasMemory));
        Assert.Equal("boot.log: TDX failed, and the log does not say what memory the machine has", ExplainText.Write(failed)[0].Text);
    }

    [Fact]
    public void JsonOfAFailure()
    {
        var json = Json(_bad);
        var outcome = json.GetProperty("outcome");
        Assert.Equal(-28, outcome.GetProperty("errno").GetInt32());
        Assert.True(outcome.GetProperty("fails").GetBoolean());
        Assert.Equal("virt/tdx: initialization failed: TDMR [0x0, 0x80000000): reserved areas exhausted.", outcome.GetProperty("message").GetString());
        var reserved = json.GetProperty("tdmrs")[0].GetProperty("reserved");
        Assert.Equal((18, 16, 18, 0), (Number(reserved, "used"), Number(reserved, "limit"), Number(reserved, "holes"), Number(reserved, "pamts")));
    }

    [Fact]
    public void JsonOfASuccess()
    {
        var json = Json(_good);
        Assert.Equal(24632, Number(json, "pamtKb"));
        Assert.Equal((2, 64), (Number(json, "tdmrsNeeded"), Number(json, "tdmrLimit")));
        Assert.Equal(("merged", "1.5"), (json.GetProperty("profile").GetString(), json.GetProperty("module").GetString()));
        Assert.Equal("0x100000000", json.GetProperty("memlist")[1].GetProperty("start").GetString());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("outcome").GetProperty("reason").ValueKind);
        Assert.Empty(json.GetProperty("remedies").EnumerateArray());
    }

    [Fact]
    public void JsonIsOneLine() => Assert.DoesNotContain('\n', ExplainJson.Write(_bad));

    [Fact]
    public void JsonWithoutMemoryHasNoErrno()
    {
        var json = Json(new KernelLog().Line("Linux version 6.12.0").Line("virt/tdx: module not loaded").Explain());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("outcome").GetProperty("errno").ValueKind);
        Assert.Equal("nothing", json.GetProperty("memorySource").GetString());
    }

    private static int Number(JsonElement parent, string name) => parent.GetProperty(name).GetInt32();

    private static JsonElement Json(Explanation explanation) => JsonDocument.Parse(ExplainJson.Write(explanation)).RootElement.Clone();

    private static KernelLog Crowded()
    {
        var log = KernelLog.Usual().Ram(M, G + (8 * M));
        for (var i = 0; i < 16; i++)
        {
            log.Ram(G + ((ulong)(i + 1) * 32 * M), G + ((ulong)(i + 1) * 32 * M) + M);
        }

        return log.Ram(4 * G, 8 * G);
    }
}
