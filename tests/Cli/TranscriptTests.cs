// SPDX-License-Identifier: MIT

using System.Text;

namespace TdxVerify.Tests.Cli;

/// <summary>
/// Commands with the whole of what they print, in testdata/: standard output, then standard error, then the exit code
/// when it is not 0. A line that begins with "## " is a comment.
/// </summary>
[Collection("script")]
public sealed class TranscriptTests : IDisposable
{
    private const string Prompt = "$ ";
    private const string Comment = "## ";
    private const string Findings = "FINDINGS";
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-transcript-").FullName;

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(static f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    private static string Folder => Path.Combine(Repository.Root, "testdata");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryCommandPrintsWhatItDid(string name)
    {
        var file = Path.Combine(Folder, name);
        var text = new StringBuilder();
        foreach (var line in File.ReadLines(file))
        {
            if (line.StartsWith(Prompt, StringComparison.Ordinal))
                text.Append(line).Append('\n').Append(Run(line[Prompt.Length..].Split(' ')));
            else if (line.StartsWith(Comment, StringComparison.Ordinal))
                text.Append(line).Append('\n');
        }

        Blessed.AssertIs(file, text.ToString());
    }

    private string Run(string[] words)
    {
        Assert.Equal("tdxverify", words[0]);
        string[] arguments = [.. words[1..].Select(w => w == Findings ? _folder : w)];
        var result = Script.Run(arguments, stateFolder: _folder, workingFolder: Repository.Root);
        var errors = string.Concat(Script.Complaints(result).Select(static line => line + "\n"));
        var exit = result.ExitCode == 0 ? "" : $"[exit code {result.ExitCode}]\n";
        return (result.Output + errors).Replace(_folder, Findings, StringComparison.Ordinal) + exit;
    }
}
