// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Conformance;
using TdxVerify.Reporting;
using TdxVerify.Scenarios.Input;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

internal static class ConformCommand
{
    private static readonly Argument<string[]> Paths = new("PATH")
    {
        Description = "recorded cases (JSON lines) or kernel logs, plain or gzip; a folder for all files in it",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string?> Kernel =
        new("--kernel")
        {
            Description = "run recorded kernel cases besides on " + KernelChoice.Description,
            HelpName = "TREE"
        };

    public static Command Create()
    {
        var command =
            new Command(
                "conform",
                "Compare the model with recorded answers of kernel and module code, and kernel logs against "
                    + "themselves. Exit code 1: something disagrees.")
        {
            Paths, Kernel,
        };
        command.SetAction(static parsed =>
        {
            Interruption.Listen();
            return KernelChoice.Guard(
                () => Run(parsed.GetValue(Paths)!, parsed.GetValue(Kernel) is { } name ? SubjectOf(name) : null));
        });
        return command;
    }

    /// <summary>The recorded cases were recorded with a module that accepts everything.</summary>
    private static KernelHost SubjectOf(string name)
    {
        var built = KernelChoice.Build(name, BuildKind.Plain);
        return new KernelHost(built.Library, built.Tree.Name, Modules.Permissive);
    }

    private static int Run(string[] paths, KernelHost? kernel)
    {
        var totals = new ConformanceTotals();
        var isBad = false;
        var files = paths.SelectMany(ExplainCommand.Expand(() => isBad = true)).ToList();
        var i = 0;
        for (; i < files.Count && !Interruption.Token.IsCancellationRequested; i++)
        {
            Screen.Progress(i, files.Count, files[i].Path);
            try
            {
                var result = ConformanceRun.Judge(files[i].Path, kernel, Interruption.Token);
                totals.Add(result);
                Screen.Print(ConformText.Write(result));
            }
            catch (BadInputException problem) when (problem.IsUnrecognised && !files[i].IsNamed)
            {
                totals.AddNotApplicable();
                Screen.Print(
                    [new ReportLine(
                        $"not applicable  {files[i].Path}: neither recorded cases nor a kernel log", Tone.Note)]);
            }
            catch (BadInputException problem)
            {
                Screen.Error(problem.Message);
                isBad = true;
            }
        }

        Screen.Progress(files.Count, files.Count, "");
        if (Interruption.Token.IsCancellationRequested)
            Screen.Error($"interrupted after {i} of {files.Count} files");

        Screen.Print(ConformText.Write(totals));
        var isInterrupted = Interruption.Token.IsCancellationRequested;
        return isBad
            ? ExitCode.BadInput
            : totals.Disagree > 0 ? ExitCode.Finding : isInterrupted ? ExitCode.Interrupted : ExitCode.Nothing;
    }
}
