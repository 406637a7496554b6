// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Measuring;
using TdxVerify.Measuring.Text;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

internal static class BenchCommand
{
    private static readonly TimeSpan UsualTime = TimeSpan.FromSeconds(1);
    private static readonly Option<TimeSpan?> Time =
        new("--time")
        {
            Description = "how long each part is measured (default: 1s)",
            HelpName = "T",
            CustomParser = Duration.Parse
        };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };
    private static readonly Option<string?> Kernel =
        new("--kernel") { Description = "measure cases on " + KernelChoice.Description, HelpName = "TREE" };

    public static Command Create()
    {
        var command =
            new Command(
                "bench", "Measure the search on one thread: cases per second of processor time and where it goes, "
                    + "the generator alone, the list build beside a copy; or a kernel's cases beside a plain C loop.")
            {
                Time, Json, Kernel,
            };
        command.SetAction(static parsed =>
        {
            var time = parsed.GetValue(Time) ?? UsualTime;
            return parsed.GetValue(Kernel) is { } name
                ? KernelChoice.Guard(() => MeasureKernel(name, time, parsed.GetValue(Json)))
                : Measure(time, parsed.GetValue(Json));
        });
        return command;
    }

    private static int Measure(TimeSpan time, bool isJson)
    {
        var figures = BenchFigures.Measure(time);
        if (isJson)
            Screen.Print(BenchJson.Write(figures));
        else
            Screen.Print(BenchText.Write(figures));

        return ExitCode.Nothing;
    }

    private static int MeasureKernel(string name, TimeSpan time, bool isJson)
    {
        var figures =
            KernelMeasure.Run(
                KernelChoice.Plan(name, BuildKind.Plain), KernelChoice.Plan(name, BuildKind.Sanitized), time);
        if (isJson)
            Screen.Print(BenchJson.Write(figures));
        else
            Screen.Print(KernelText.Write(figures));

        return ExitCode.Nothing;
    }
}
