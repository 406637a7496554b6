// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TdxVerify.Reporting;
using TdxVerify.Search.Races;

namespace TdxVerify.Cli;

internal static class RacesCommand
{
    private const int DefaultPreemptions = 3;
    private const string HotplugLock = "mem_hotplug_lock";
    private const string ModuleLock = "tdx_module_lock";

    private static readonly Option<string[]> Without =
        new("--without")
        {
            Description = $"leave a lock out: {HotplugLock} or {ModuleLock}; may be repeated",
            HelpName = "LOCK"
        };
    private static readonly Option<bool> Mixed =
        new("--mixed-order") { Description = $"one of the two takes {HotplugLock} before {ModuleLock}" };
    private static readonly Option<int> Preemptions =
        new("--preemptions")
        {
            Description = "switches away from a thread that could go on, at most (default: 3)",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultPreemptions
        };

    public static Command Create()
    {
        var command =
            new Command(
                "races", "Run two tdx_enable() against hotplug in every order of their atomic steps, with up to a "
                    + "number of preemptions. Exit code 1: a schedule breaks something.") { Without, Mixed,
                        Preemptions };
        Without.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(static t => t.Value is not (HotplugLock or ModuleLock)))
                result.AddError($"--without takes {HotplugLock} or {ModuleLock}, not '{token.Value}'");
        });
        Preemptions.Validators.Add(static result =>
        {
            if (result.Tokens is [var token]
                && !(int.TryParse(token.Value, out var number) && number is >= 0 and <= 10))
            {
                result.AddError($"--preemptions takes a number from 0 to 10, not '{token.Value}'");
            }
        });
        command.SetAction(static parsed => Run(parsed));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Interruption.Listen();
        var without = parsed.GetValue(Without) ?? [];
        var explorer =
            new RaceExplorer(
                new RaceLocks(!without.Contains(HotplugLock), !without.Contains(ModuleLock), parsed.GetValue(Mixed)));
        var preemptions = parsed.GetValue(Preemptions);
        if (explorer.Run(preemptions, Interruption.Token) is { } finding)
        {
            Screen.Print(RaceText.Write(finding));
            return ExitCode.Finding;
        }

        if (Interruption.Token.IsCancellationRequested)
        {
            Screen.Error("interrupted");
            return ExitCode.Interrupted;
        }

        Screen.Print(
            string.Create(
                CultureInfo.InvariantCulture,
                $"nothing breaks in {explorer.Schedules} schedules with up to {preemptions} preemptions"));
        return ExitCode.Nothing;
    }
}
