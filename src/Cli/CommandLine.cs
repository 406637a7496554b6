// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;

namespace TdxVerify.Cli;

/// <summary>The whole command line: parses, runs, and turns every failure into one line and an exit code.</summary>
internal static class CommandLine
{
    private const string Examples = """

        Examples:
          tdxverify explain dmesg.txt                    would TDX initialise on this machine, and if not, why
          dmesg | tdxverify explain -                    the same for the machine it runs on
          tdxverify explain --json logs/ | jq .outcome   one JSON object a log
          tdxverify explain --profile cmr-holes dmesg.txt
          tdxverify explain --add 0x2080000000+16G@1 dmesg.txt
          tdxverify conform recorded/ dmesg.txt.gz
          tdxverify check --cases 1000000                search for a violated property
          tdxverify check --kernel ~/linux --mutant first-mib-kept   is a planted fault found
          tdxverify check --from dmesg.txt               vary a real machine
          tdxverify check --kernel ~/linux               the same on your own kernel tree
          tdxverify diff --kernel ~/linux@v6.12 --kernel ~/linux   does my patch change anything
          tdxverify designs                              what the designs discussed on the mailing lists violate
          tdxverify replay finding.scn
          tdxverify confirm --qemu --kernel debian:7.3   does a running kernel do what the model says
          git bisect run tdxverify bisect finding.scn    in a kernel tree: which commit broke it

        Exit codes: 0 nothing found, 1 a finding, 2 bad usage or input, 3 tdxverify itself failed.
        """;

    public static int Run(string[] args)
    {
        try
        {
            // Searches start workers by the hundred: none of them makes the other commands first.
            return args is [WorkerCommand.Name] ? WorkerCommand.Run() : Invoke(args);
        }
        catch (IOException failure)
        {
            // A reader that has gone (head, less) raises nothing; this is a full disk and the like.
            Screen.Error($"can't write: {failure.Message}");
            return ExitCode.HarnessFailed;
        }
#pragma warning disable CA1031 // The last resort: no stack trace for the user, and an exit code of its own.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Screen.Error(
                $"internal error, please report: {failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            return ExitCode.HarnessFailed;
        }
    }

    private static int Invoke(string[] args)
    {
        var root =
            new RootCommand(
                "TdxVerify checks how Linux gives its memory to TDX: memblock, TDMRs, PAMTs and the TDX module's "
                    + "own checks.")
        {
            ExplainCommand.Create(),
            ConformCommand.Create(),
            CheckCommand.Create(),
            DiffCommand.Create(),
            MutateCommand.Create(),
            AlterCommand.Create(),
            DesignsCommand.Create(),
            RacesCommand.Create(),
            ConfirmCommand.Create(),
            RecordCommand.Create(),
            ReplayCommand.Create(),
            BisectCommand.Create(),
            ListCommand.Create(),
            BenchCommand.Create(),
            TargetCommand.Create(),
        };
        root.Directives.Clear();
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var problem = UnknownWord(parsed) ?? (parsed.Errors.Count > 0 ? parsed.Errors[0].Message : null);
        if (problem is not null)
        {
            Screen.Error(problem.ReplaceLineEndings(" "));
            Console.Error.WriteLine("Try 'tdxverify --help'.");
            return ExitCode.BadInput;
        }

        var code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        if (parsed.Action is HelpAction)
            Console.Out.WriteLine(Examples);

        return code;
    }

    /// <summary>The parser takes an unknown option for a file; a file whose name starts with a dash can be given as
    /// ./-name.</summary>
    private static string? UnknownWord(ParseResult parsed)
    {
        if (parsed.CommandResult.Command is RootCommand && parsed.UnmatchedTokens.Count > 0)
            return $"unknown command '{parsed.UnmatchedTokens[0]}'";

        var option = parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(static a => a.Tokens)
            .FirstOrDefault(static t => t.Value.Length > 1 && t.Value[0] == '-');
        return option is null ? null : $"unknown option '{option.Value}'";
    }
}
