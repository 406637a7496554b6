// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Search.Workers;

namespace TdxVerify.Cli;

/// <summary>tdxverify worker: a process of a search. Nobody types it.</summary>
internal static class WorkerCommand
{
    public const string Name = "worker";

    public static Command Create()
    {
        var command = new Command(Name, "A process of a search, started by it.") { Hidden = true };
        command.SetAction(static _ =>
        {
            // Ctrl-C reaches every process of a terminal; the search decides when its workers end.
            Console.CancelKeyPress += static (_, pressed) => pressed.Cancel = true;
            WorkerServer.Run(Console.In, Console.Out);
            return ExitCode.Nothing;
        });
        return command;
    }
}
