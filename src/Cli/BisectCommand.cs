// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

/// <summary>tdxverify bisect: what git bisect run calls in a kernel tree.</summary>
internal static class BisectCommand
{
    /// <summary>git bisect skips the revision.</summary>
    private const int Untestable = 125;
    /// <summary>git bisect stops: neither good nor bad can be said of any revision.</summary>
    private const int Abort = 128;

    private static readonly Argument<string> FileArgument =
        new("SCENARIO") { Description = "scenario file of a finding" };
    private static readonly Option<string> Kernel =
        new("--kernel")
        {
            Description = "the kernel tree (default: the folder it is called in)",
            HelpName = "TREE",
            DefaultValueFactory = static _ => "."
        };

    public static Command Create()
    {
        var command =
            new Command(
                "bisect",
                "For git bisect run in a kernel tree. Exit code 0: the scenario violates nothing there; 1: it does; "
                    + "125: the tree can't be compiled; 128: the scenario can't be used.")
        {
            FileArgument, Kernel,
        };
        command.SetAction(static parsed =>
        {
            Interruption.Listen();
            try
            {
                return KernelChoice.Guard(
                    () => Judge(parsed.GetValue(FileArgument)!, parsed.GetValue(Kernel)!), Abort, Untestable);
            }
            catch (WorkerFailedException failure)
            {
                Screen.Error($"internal error, please report: {failure.Message}");
                return Abort;
            }
        });
        return command;
    }

    private static int Judge(string file, string kernel)
    {
        var (scenario, kept) = ReplayCommand.Read(file);
        var plan = new CampaignPlan
        {
            Properties = kept is null ? [] : [kept.Id],
            Kernel = KernelChoice.UnderTest(kernel, null, BuildKind.Plain),
            Worker = KernelChoice.Worker(BuildKind.Plain),
        };
        using var executor = IExecutor.Of(plan);
        var broken = executor.Evaluate(scenario).Violations.Where(v => kept is not null || v.KnownIssue is null)
            .Select(static v => v.Property).ToList();
        Screen.Print(
            broken.Count > 0
                ? $"bad: {string.Join(", ", broken)} violated in {plan.Kernel.Name}"
                : $"good: {kept?.Id ?? "nothing"} {(kept is null ? "is violated" : "holds")} in {plan.Kernel.Name}");
        return broken.Count > 0 ? ExitCode.Finding : ExitCode.Nothing;
    }
}
