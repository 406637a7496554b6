// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Mutation.Rivals;

namespace TdxVerify.Cli;

/// <summary>tdxverify target: runs the cases of a rival. Nobody types it.</summary>
internal static class TargetCommand
{
    public const string Name = "target";

    private static readonly Argument<string> Plan = new("PLAN");

    public static Command Create()
    {
        var command = new Command(Name, "A process that runs cases of another generator, started by mutate --table.")
        {
            Plan,
        };
        command.Hidden = true;
        command.SetAction(static parsed => KernelChoice.Guard(() =>
        {
            Target.Run(parsed.GetValue(Plan)!, Console.In);
            return ExitCode.Nothing;
        }));
        return command;
    }
}
