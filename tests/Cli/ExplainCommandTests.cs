// SPDX-License-Identifier: MIT

using System.IO.Compression;
using System.Text;

namespace TdxVerify.Tests.Cli;

[Collection("script")]
public sealed class ExplainCommandTests
{
    private static string SampleText => File.ReadAllText(Script.Sample);

    private static string WithCommandLine(string words) =>
        SampleText.Replace("BIOS-provided", $"Command line: {words}\nBIOS-provided", StringComparison.Ordinal);

    [Fact]
    public void TheRemedyPassesWhenItIsOnTheCommandLine()
    {
        var result = Script.Run(["explain", "-"], WithCommandLine("ro memmap=4K$0x64158000"));
        Assert.Equal(0, result.ExitCode);
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
        Assert.Equal(
            $"tdxverify: -:{text.Split('\n').Length}: expected [mem 0xSTART-0xEND] and a type, got 'BIOS-e820: [mem 0x00000000'",
            Assert.Single(Script.Complaints(strict)));
    }
}
