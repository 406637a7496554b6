// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Model.TdxHost;
using TdxVerify.Mutation.Alterations;
using TdxVerify.Properties.Generation;
using TdxVerify.Reporting;

namespace TdxVerify.Cli;

internal static class AlterCommand
{
    private const ulong DefaultCases = 60;

    private static readonly Option<ulong> Cases =
        new("--cases")
        {
            Description = "intact cases of each strategy and kernel (default: 60)",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultCases,
        };
    private static readonly Option<ulong> Seed =
        new("--seed") { Description = "the seed (default: 1)", HelpName = "S", DefaultValueFactory = static _ => 1 };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "every kind of alteration" };

    public static Command Create()
    {
        var command = new Command(
            "alter",
            "Alter the traces of intact cases in every small way, and see whether the invariants notice without the "
                + "reference. Exit code 1: an alteration that is not argued goes unnoticed.")
        {
            Cases, Seed, Verbose,
        };
        command.SetAction(static parsed => Run(parsed));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Interruption.Listen();
        var run = new AlterationRun();
        foreach (var profile in (HostProfile[])[HostProfile.Merged, HostProfile.SubsysInitcall73])
        {
            foreach (var strategy in (Strategy[])[Strategy.Mixed, Strategy.Sequences, Strategy.Memblock])
            {
                var cases = strategy != Strategy.Mixed ? parsed.GetValue(Cases) / 4 : parsed.GetValue(Cases);
                run.Run(profile, strategy, parsed.GetValue(Seed), cases, Interruption.Token);
            }
        }

        var counts = run.Counts.ToList();
        Screen.Print(AlterationText.Write(counts, parsed.GetValue(Verbose)));
        return Interruption.Token.IsCancellationRequested ? ExitCode.Interrupted
            : counts.Exists(static c => c.Missed > 0) ? ExitCode.Finding
            : ExitCode.Nothing;
    }
}
