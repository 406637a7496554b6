// SPDX-License-Identifier: MIT

using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace TdxVerify.Tests.Cli;

[Collection("script")]
public sealed class ExplainCommandTests
{
    private static string SampleText => File.ReadAllText(Script.Sample);

    private static string WithCommandLine(string words) =>
        SampleText.Replace("BIOS-provided", $"Command line: {words}\nBIOS-provided", StringComparison.Ordinal);

    [Fact]
    public void TheSampleFailsAndSaysWhatHelps()
    {
        var result = Script.Run(["explain", Script.Sample]);
        Assert.Equal(1, result.ExitCode);
        Assert.Empty(Script.Complaints(result));
        Assert.Contains("TDMR [0x0, 0x80000000) needs 17 reserved areas", result.Output, StringComparison.Ordinal);
        Assert.Contains("memmap=4K$0x64158000", result.Output, StringComparison.Ordinal);
        Assert.Contains("the log agrees: initialisation", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void JsonHasThePromisedFields()
    {
        var result = Script.Run(["explain", "--json", Script.Sample]);
        using var json = JsonDocument.Parse(result.Output.Trim());
        var root = json.RootElement;
        Assert.Equal(Script.Sample, root.GetProperty("file").GetString());
        Assert.Equal("0x1000", root.GetProperty("boot").GetProperty("ranges")[0].GetProperty("start").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("boot").GetProperty("agrees").ValueKind);
        Assert.Equal("0x100000", root.GetProperty("memlist")[0].GetProperty("start").GetString());
        var reserved = root.GetProperty("tdmrs")[0].GetProperty("reserved");
        Assert.Equal((17, 16, 17, 0), (reserved.GetProperty("used").GetInt32(), reserved.GetProperty("limit").GetInt32(), reserved.GetProperty("holes").GetInt32(), reserved.GetProperty("pamts").GetInt32()));
        Assert.Equal(1_050_644, root.GetProperty("pamtKb").GetInt32());
        Assert.Equal(-28, root.GetProperty("outcome").GetProperty("errno").GetInt32());
        Assert.Equal("error", root.GetProperty("outcome").GetProperty("status").GetString());
        Assert.Contains("reserved areas exhausted", root.GetProperty("outcome").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, root.GetProperty("remedies").GetArrayLength());
        Assert.Equal(JsonValueKind.Array, root.GetProperty("incomplete").ValueKind);
    }

    [Theory]
    [InlineData("cmr-holes")]
    [InlineData("cmr-holes-v8.2")]
    public void HolesFromCmrsPass(string profile)
    {
        var result = Script.Run(["explain", "--profile", profile, Script.Sample]);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("TDX initialises, 1050644 KB of PAMT", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheRemedyPassesWhenItIsOnTheCommandLine()
    {
        var result = Script.Run(["explain", "-"], WithCommandLine("ro memmap=4K$0x64158000"));
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public void AnOldModuleIsTooOld()
    {
        var result = Script.Run(["explain", "--module", "1.0", Script.Sample]);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("(-5, -EIO)", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AddedMemoryOutsideCmrsFails()
    {
        var passing = WithCommandLine("memmap=4K$0x64158000");
        var result = Script.Run(["explain", "--add", "0x5000000000+2G@1", "-"], passing);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("TDX_TDMR_OUTSIDE_CMRS", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void GzipAndFoldersAreRead()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using (var gzip = new GZipStream(File.Create(Path.Combine(folder.FullName, "a.log.gz")), CompressionLevel.Fastest))
            {
                gzip.Write(Encoding.UTF8.GetBytes(SampleText));
            }

            File.Copy(Script.Sample, Path.Combine(folder.FullName, "b.log"));
            File.WriteAllText(Path.Combine(folder.FullName, "notes"), "not a log\n");
            var result = Script.Run(["explain", "--json", folder.FullName]);
            Assert.Equal(2, result.Output.Trim().Split('\n').Length);
            Assert.Equal(1, result.ExitCode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void StrictTurnsACutLineIntoAnError()
    {
        var text = SampleText + "BIOS-e820: [mem 0x00000000";
        Assert.Equal(1, Script.Run(["explain", "-"], text).ExitCode);
        var strict = Script.Run(["explain", "--strict", "-"], text);
        Assert.Equal(2, strict.ExitCode);
        Assert.Contains("-:" + text.Split('\n').Length + ": expected", Assert.Single(Script.Complaints(strict)), StringComparison.Ordinal);
    }
}
