// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Reporting;
using TdxVerify.Search;
using TdxVerify.Search.Designs;

namespace TdxVerify.Cli;

internal static class DesignsCommand
{
    private const ulong DefaultCases = 20_000;
    private const ulong DefaultSeed = 1;

    private static readonly Option<ulong> Cases =
        new("--cases")
        {
            Description = "cases of hotplug, and as many of all machines, for each design (default: 20000)",
            HelpName = "N",
            DefaultValueFactory = static _ => DefaultCases
        };
    private static readonly Option<ulong> Seed =
        new("--seed")
        {
            Description = "the seed (default: 1)",
            HelpName = "S",
            DefaultValueFactory = static _ =>
            DefaultSeed
        };
    private static readonly Option<int> Workers =
        new("--workers")
        {
            Description = "threads (default: one a processor); the result is the same",
            HelpName = "W",
            DefaultValueFactory = static _ => Environment.ProcessorCount
        };
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "a Markdown table" };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };
    private static readonly Option<string?> Findings =
        new("--findings")
        {
            Description = "folder for the scenario files (default: the user's state folder)",
            HelpName = "DIR"
        };

    private static readonly Option<string[]> Only = new("--design")
    {
        Description = "only this design; may be repeated",
        HelpName = "NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    public static Command Create()
    {
        var command =
            new Command(
                "designs",
                "Check the designs discussed on the mailing lists; each violation is kept as the smallest "
                    + "scenario.")
        {
            Cases, Seed, Only, Workers, Findings, Markdown, Json,
        };
        Only.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens)
            {
                if (DesignCatalog.Find(token.Value) is null)
                {
                    result.AddError(
                        $"--design takes one of {string.Join(", ", DesignCatalog.All.Select(static d => d.Name))}, "
                            + $"not '{token.Value}'");
                }
            }
        });
        command.SetAction(static parsed => Run(parsed));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Interruption.Listen();
        var names = parsed.GetValue(Only) ?? [];
        var designs = DesignCatalog.All.Where(d => names.Length == 0 || names.Contains(d.Name)).ToList();
        var store = new FindingStore(parsed.GetValue(Findings) ?? FindingStore.DefaultFolder);
        var table = new DesignTable(parsed.GetValue(Seed), parsed.GetValue(Cases), parsed.GetValue(Workers), store);
        var verdicts = new List<DesignVerdict>();
        foreach (var design in designs)
        {
            if (Interruption.Token.IsCancellationRequested)
                break;

            Screen.Progress(verdicts.Count / DesignTable.Rows.Count, designs.Count, "designs");
            verdicts.AddRange(table.Judge(design, Interruption.Token));
        }

        Screen.Progress(1, 1, "");
        if (parsed.GetValue(Json))
            Screen.Print(DesignJson.Write(parsed.GetValue(Seed), verdicts));
        else
            Screen.Print(parsed.GetValue(Markdown) ? DesignMarkdown.Write(verdicts) : DesignText.Write(verdicts));

        if (Interruption.Token.IsCancellationRequested)
        {
            Screen.Error("interrupted: the last designs are missing or were tried less");
            return ExitCode.Interrupted;
        }

        return verdicts.Exists(static v => v.Design == DesignCatalog.All[0] && v.Broken is { Known: null })
            ? ExitCode.Finding
            : ExitCode.Nothing;
    }
}
