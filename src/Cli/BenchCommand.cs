// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Bench.Measuring;
using TdxVerify.Bench.Text;

namespace TdxVerify.Cli;

/// <summary>tdxverify bench.</summary>
internal static class BenchCommand
{
    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(1);

    private static readonly Option<TimeSpan?> Time = new("--time") { Description = "how long each part is measured (default: 1s)", HelpName = "T", CustomParser = Duration.Parse };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("bench", "Measure the search on one thread: cases per second of processor time and where it goes, the generator beside FsCheck, the list build beside a copy.") { Time, Json };
        command.SetAction(static parsed =>
        {
            var figures = BenchFigures.Measure(parsed.GetValue(Time) ?? UsualTime);
            if (parsed.GetValue(Json))
            {
                Screen.Print(BenchJson.Write(figures));
            }
            else
            {
                Screen.Print(BenchText.Write(figures));
            }

            return ExitCode.Nothing;
        });
        return command;
    }
}
