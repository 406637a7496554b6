// SPDX-License-Identifier: MIT

namespace TdxVerify.Tests.Cli;

[Collection("script")]
public sealed class UsageTests
{
    [Fact]
    public void HelpHasExamplesAndVersionIsANumber()
    {
        var help = Script.Run(["--help"]);
        Assert.Equal(0, help.ExitCode);
        var version = Script.Run(["--version"]);
        Assert.Equal(0, version.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello\nworld\n")]
    [InlineData("\0\0\0\u0001binary")]
    [InlineData("tdxverify: stpe enable\n")]
    [InlineData("00000000-00000000 : System RAM\n00000000-00000000 : Reserved\n")]
    public void BadInputIsTwoAndOneLine(string input)
    {
        var result = Script.Run(["explain", "-"], input);
        Assert.Equal(2, result.ExitCode);
        Assert.Single(Script.Complaints(result));
        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("{\"ops\":[[\"ad\"]],\"cfg\":{}}")]
    [InlineData("{\"f\":\"x\"}")]
    [InlineData("{ not json")]
    public void AMalformedCaseNamesItsLine(string line)
    {
        var result = Script.Run(["conform", "-"], line + "\n");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("tdxverify: -:1: expected", Assert.Single(Script.Complaints(result)), StringComparison.Ordinal);
        Assert.Equal("0 cases in 0 files: 0 agree, 0 disagree; 0 other files not applicable\n", result.Output);
    }

    [Theory]
    [InlineData("explain - <&-", 2)]
    [InlineData("explain nope 2>&-", 2)]
    [InlineData("explain SAMPLE >&-", 1)]
    [InlineData("explain SAMPLE >/dev/full", 3)]
    [InlineData("explain SAMPLE | head -1", 0)]
    public void ClosedAndFullStreamsEndCleanly(string words, int exitCode)
    {
        var script = Path.Combine(Repository.Root, "tdxverify");
        var result = Script.Run(["-c", $"'{script}' {words.Replace("SAMPLE", $"'{Script.Sample}'", StringComparison.Ordinal)}"], script: "/bin/bash");
        Assert.Equal(exitCode, result.ExitCode);
        Assert.InRange(Script.Complaints(result).Length, 0, 1);
    }

    [Fact]
    public void ANameOnTheScreenCarriesNoControlCharacters()
    {
        var result = Script.Run(["explain", "no\u001b[31mpe\n"]);
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("tdxverify: no?[31mpe?: no such file or folder", Assert.Single(Script.Complaints(result)));
    }

    [Fact]
    public void ThroughASymbolicLinkItIsTheSame()
    {
        var link = Path.Combine(Path.GetTempPath(), "tdxverify-" + Guid.NewGuid().ToString("n"));
        File.CreateSymbolicLink(link, Path.Combine(Repository.Root, "tdxverify"));
        try
        {
            Assert.Equal(0, Script.Run(["--version"], script: link).ExitCode);
        }
        finally
        {
            File.Delete(link);
        }
    }
}
