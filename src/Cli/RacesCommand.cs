// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Reporting;
using TdxVerify.Scenarios.Input;
using TdxVerify.Search.Races;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

internal static class RacesCommand
{
    private const int DefaultPreemptions = 3;
    private const string HotplugLock = "mem_hotplug_lock";
    private const string ModuleLock = "tdx_module_lock";

    private static readonly Option<string[]> Without = new("--without")
    {
        Description = $"a lock that excludes nobody: {HotplugLock} or {ModuleLock}; may be repeated",
        HelpName = "LOCK",
    };

    private static readonly Option<bool> Mixed = new("--mixed-order")
    {
        Description = $"the second caller takes {HotplugLock} before {ModuleLock}",
    };

    private static readonly Option<int> Preemptions = new("--preemptions")
    {
        Description = "switches away from a task that could go on, at most (default: 3)",
        HelpName = "N",
        DefaultValueFactory = static _ => DefaultPreemptions,
    };

    private static readonly Option<HostProfile?> Profile = ProfileOption.Create();
    private static readonly Option<string?> Kernel = new("--kernel")
    {
        Description = "run, instead of the model, " + KernelChoice.Description,
        HelpName = "TREE",
    };

    public static Command Create()
    {
        const string Description = "Run two tdx_enable() against hotplug, and on 7.x the CPUs of a module update, in "
            + "every order of what they do between calls of the environment, with few preemptions. Exit code 1: a "
            + "schedule violates a property.";
        var command = new Command("races", Description) { Without, Mixed, Preemptions, Profile, Kernel };
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
        return KernelChoice.Guard(() =>
        {
            using var explorer = Explorer(parsed, out var updates);
            var preemptions = parsed.GetValue(Preemptions);
            var result = Run(explorer, preemptions);
            return result == ExitCode.Nothing && updates is not null ? Run(updates, preemptions) : result;
        });
    }

    private static RaceExplorer Explorer(ParseResult parsed, out UpdateExplorer? updates)
    {
        var without = parsed.GetValue(Without) ?? [];
        var hasModuleLock = !without.Contains(ModuleLock);
        var locks = new RaceLocks(!without.Contains(HotplugLock), hasModuleLock, parsed.GetValue(Mixed));
        var profile = parsed.GetValue(Profile);
        if (parsed.GetValue(Kernel) is not null && profile is not null)
            throw new BadInputException("--profile", "expected no --kernel beside it: a tree has policy of its own");

        var kernel = parsed.GetValue(Kernel) is { } name ? KernelChoice.UnderTest(name, null, BuildKind.Plain) : null;
        var policy = kernel is null ? profile?.Policy ?? KernelPolicy.Merged : kernel.Profile?.Policy;
        updates = policy?.BuildsListDuringBoot != true ? null
            : kernel is null ? UpdateExplorer.Of(policy) : UpdateExplorer.Of(kernel);
        return policy?.BuildsListDuringBoot == true && (locks.IsMixed || !hasModuleLock)
            ? throw new BadInputException("races", $"expected a kernel with {ModuleLock}: an initcall needs none")
            : kernel is null ? RaceExplorer.Of(policy!, locks) : RaceExplorer.Of(kernel, locks);
    }

    /// <summary>The CPUs of an update.</summary>
    private static int Run(UpdateExplorer explorer, int switches)
    {
        var finding = explorer.Run(switches, Interruption.Token) is { } found ? RaceText.Write(found) : null;
        var bound = Math.Min(switches, CpuSchedule.Switches);
        return End(finding, string.Create(
            CultureInfo.InvariantCulture,
            $"{explorer.Schedules} orders of three CPUs in an update, with up to {bound} switches"));
    }

    private static int Run(RaceExplorer explorer, int preemptions)
    {
        Screen.Print(RaceText.WriteSerial(explorer.Serial));
        var finding = explorer.Run(preemptions, Interruption.Token) is { } found ? RaceText.Write(found) : null;
        return End(finding, string.Create(
            CultureInfo.InvariantCulture, $"{explorer.Schedules} schedules with up to {preemptions} preemptions"));
    }

    private static int End(IEnumerable<ReportLine>? finding, string tried)
    {
        if (finding is not null)
        {
            Screen.Print(finding);
            return ExitCode.Finding;
        }

        if (Interruption.Token.IsCancellationRequested)
        {
            Screen.Error("interrupted");
            return ExitCode.Interrupted;
        }

        Screen.Print($"nothing is violated in {tried}");
        return ExitCode.Nothing;
    }
}
