// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Confirmation;

namespace TdxVerify.Cli;

internal static class RecordCommand
{
    private static readonly GuestOptions Options = new();

    public static Command Create()
    {
        var command = new Command(
            "record",
            "Boot a kernel as 'confirm' does, and write what it did to standard output, one JSON object a boot, for "
                + "'conform' to read. Nothing is judged.");
        return Options.AddTo(command, Run);
    }

    private static int Run(ParseResult parsed)
    {
        foreach (var name in Options.Kernels(parsed))
        {
            var plan = Options.Plan(parsed, name);
            var done = 0;
            GuestCampaign.Run(
                plan, GuestCampaign.Cases(plan), verdict =>
                {
                    Console.Out.WriteLine(verdict.Record.GetRawText());
                    Console.Out.Flush();
                    Screen.Progress(++done, plan.Cases, "boots");
                },
                Interruption.Token);
        }

        if (!Interruption.Token.IsCancellationRequested)
            return ExitCode.Nothing;

        Screen.Error("interrupted");
        return ExitCode.Interrupted;
    }
}
