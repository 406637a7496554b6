// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TdxVerify.Diagnosis;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Reporting;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Cli;

internal static class ExplainCommand
{
    private static readonly Argument<string[]> Files = new("FILE")
    {
        Description =
            "kernel log, memory listing or scenario file, plain or gzip; - for standard input; a folder for all "
                + "files in it",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object a line and file" };
    private static readonly Option<bool> Strict =
        new("--strict") { Description = "a cut or malformed line is an error" };

    private static readonly Option<int> Boot = new("--boot")
    {
        Description = "which boot of the log, from 1 (default: the last complete one)",
        HelpName = "N",
        CustomParser = static result =>
            int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var boot)
                && boot > 0
            ? boot
            : Fail<int>(result, $"--boot takes a number from 1, not '{result.Tokens[0].Value}'"),
    };

    private static readonly Option<HostProfile?> Profile = ProfileOption.Create();

    private static readonly Option<ModuleVersion?> Module = new("--module")
    {
        Description = "version of the TDX module: 1.0, 1.5 or 2.0",
        HelpName = "V",
        CustomParser = static result =>
            ModuleProfile.All.FirstOrDefault(p => p.Version.ToString() == result.Tokens[0].Value)?.Version
            ?? Fail<ModuleVersion?>(result, $"--module takes 1.0, 1.5 or 2.0, not '{result.Tokens[0].Value}'"),
    };

    private static readonly Option<Step[]> Add = new("--add")
    {
        Description = "memory that is hot-added after boot; may be repeated",
        HelpName = "0xSTART+SIZE[@node]",
        CustomParser = static result =>
            [.. result.Tokens.Select(token => AddedMemory.TryParse(token.Value, out var step)
            ? step
            : Fail<Step>(
                result,
                $"--add takes 0xSTART+SIZE[@node] in whole pages, like 0x100000000+2G@1, not '{token.Value}'"))],
    };

    public static Command Create()
    {
        var command =
            new Command(
                "explain",
                "Tell from a kernel log whether TDX initialises on the machine; if not, why, and what would help. "
                    + "Exit code 1: it fails.")
        {
            Files, Json, Profile, Module, Add, Boot, Strict,
        };
        command.SetAction(static parsed => Run(parsed));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        var options =
            new ExplainOptions(parsed.GetValue(Profile), parsed.GetValue(Module), parsed.GetValue(Add) ?? []);
        var code = ExitCode.Nothing;
        var files = parsed.GetValue(Files)!.SelectMany(Expand(() => code = ExitCode.BadInput)).ToList();
        for (var i = 0; i < files.Count; i++)
        {
            Screen.Progress(i, files.Count, files[i].Path);
            code = Math.Max(code, RunOne(files[i], parsed, options, isFirst: i == 0));
        }

        Screen.Progress(files.Count, files.Count, "");
        return code;
    }

    private static int RunOne(InputName name, ParseResult parsed, ExplainOptions options, bool isFirst)
    {
        try
        {
            var file = name.Path;
            var explanation =
                Explanation.Of(LogReader.Read(file, parsed.GetValue(Boot), parsed.GetValue(Strict)), options);
            if (explanation.SaysNothing)
            {
                throw new BadInputException(
                    file, "expected a memory map (BIOS-e820 lines, /proc/iomem, early memory node ranges or CMRs), "
                        + "got none");
            }

            if (parsed.GetValue(Json))
            {
                Screen.Print(ExplainJson.Write(explanation));
            }
            else
            {
                Screen.Print(
                    isFirst ? ExplainText.Write(explanation)
                        : ExplainText.Write(explanation).Prepend(new ReportLine("")));
            }

            return explanation.Fails ? ExitCode.Finding : ExitCode.Nothing;
        }
        catch (BadInputException problem)
        {
            Screen.Error(problem.Message);
            return problem.IsUnrecognised && !name.IsNamed ? ExitCode.Nothing : ExitCode.BadInput;
        }
    }

    /// <summary>Names that can't be expanded are reported; the others go on.</summary>
    internal static Func<string, IEnumerable<InputName>> Expand(Action onError) => path =>
    {
        try
        {
            return InputFile.Expand(path);
        }
        catch (BadInputException problem)
        {
            Screen.Error(problem.Message);
            onError();
            return [];
        }
    };

    private static T Fail<T>(System.CommandLine.Parsing.ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }
}
