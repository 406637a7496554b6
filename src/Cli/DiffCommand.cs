// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Search.Differences;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

/// <summary>tdxverify diff: the same cases on two kernels.</summary>
internal static class DiffCommand
{
    private static readonly Option<string[]> Kernels =
        new("--kernel") { Description = "twice: " + KernelChoice.Description, HelpName = "TREE", Required = true };

    private static readonly Option<bool> Results =
        new("--results") { Description = "compare results, tables and lists alone, not the order of events" };

    public static Command Create()
    {
        var command =
            new Command(
                "diff", "Run the same cases on two kernels and show the smallest that they treat differently. Exit "
                    + "code 1: there is one.") { Kernels, Results };
        foreach (var option in CheckCommand.SearchOptions)
            command.Add(option);

        command.Validators.Add(static result =>
        {
            if (result.GetValue(Kernels) is not [_, _])
                result.AddError("diff takes --kernel twice: the trees that are compared");
        });
        command.SetAction(static parsed =>
        {
            Interruption.Listen();
            return KernelChoice.Guard(() =>
            {
                var kernels = parsed.GetValue(Kernels)!;
                var plan = CheckCommand.PlainPlanOf(parsed) with
                {
                    Properties = [DifferentialProperty.WithOther.Id],
                    ComparesResults = parsed.GetValue(Results),
                    Kernel = KernelChoice.UnderTest(kernels[1], kernels[0], BuildKind.Plain),
                    Worker = KernelChoice.Worker(BuildKind.Plain),
                };
                return CheckCommand.Search(parsed, plan);
            });
        });
        return command;
    }
}
