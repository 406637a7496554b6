// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Reporting;

namespace TdxVerify.Cli;

internal static class ListCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };

    public static Command Create()
    {
        var command =
            new Command(
                "list", "Name the statements that are judged, the slips that can be planted, the known findings "
                    + "and the kinds of cases.") { Json };
        command.SetAction(static parsed =>
        {
            if (parsed.GetValue(Json))
                Screen.Print(CatalogJson.Write());
            else
                Screen.Print(CatalogText.Write());

            return ExitCode.Nothing;
        });
        return command;
    }
}
