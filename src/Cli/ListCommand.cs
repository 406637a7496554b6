// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Reporting;

namespace TdxVerify.Cli;

internal static class ListCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };
    private static readonly Option<bool> Markdown =
        new("--markdown") { Description = "the tables of SPECIFICATION.md and README.md" };

    public static Command Create()
    {
        var command =
            new Command(
                "list", "Name the properties that are judged, the mutants of kernel source, the known issues, designs "
                    + "and coverage classes.") { Json, Markdown };
        command.SetAction(static parsed =>
        {
            if (parsed.GetValue(Json))
                Screen.Print(CatalogJson.Write());
            else
                Screen.Print(parsed.GetValue(Markdown) ? CatalogMarkdown.Write() : CatalogText.Write());

            return ExitCode.Nothing;
        });
        return command;
    }
}
