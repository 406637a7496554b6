// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TdxVerify.Tests.Cli;

/// <summary>Runs the entry script as a user does.</summary>
internal static class Script
{
    private const int HangTimeoutSeconds = 300;

    /// <summary>The sample that README names.</summary>
    public static string Sample { get; } = Path.Combine(Repository.Root, "docs", "samples", "emerald-rapids.log");

    /// <summary>What a run printed and how it ended.</summary>
    public readonly record struct Result(int ExitCode, string Output, string Errors);

    /// <summary>Runs it with arguments, and text on standard input.</summary>
    public static Result Run(string[] arguments, string? input = null, string? script = null, string? stateFolder = null, string? workingFolder = null)
    {
        var start = new ProcessStartInfo(script ?? Path.Combine(Repository.Root, "tdxverify"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingFolder ?? Path.GetTempPath(),
        };
        if (stateFolder is not null)
        {
            start.Environment["XDG_STATE_HOME"] = stateFolder;
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input ?? "");
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(HangTimeoutSeconds)), "the script hangs");
        return new Result(process.ExitCode, output.Result, errors.Result);
    }

    /// <summary>Standard error without what the build says.</summary>
    public static string[] Complaints(Result result) =>
        [.. result.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static l => !l.Contains("building", StringComparison.Ordinal))];
}
