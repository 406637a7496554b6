// SPDX-License-Identifier: MIT

using Spectre.Console;
using TdxVerify.Reporting;

namespace TdxVerify.Cli;

/// <summary>Standard output and standard error: colour and progress on a terminal, plain text in a pipe.</summary>
internal static class Screen
{
    private static readonly bool IsColourful = !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("NO_COLOR") is null;
    private static readonly bool ShowsProgress = !Console.IsErrorRedirected && !Console.IsOutputRedirected;

    public static void Print(IEnumerable<ReportLine> lines)
    {
        foreach (var line in lines)
        {
            var text = Clean(line.Text);
            if (IsColourful)
            {
                AnsiConsole.Console.Profile.Width = Math.Max(AnsiConsole.Console.Profile.Width, text.Length + 1);
                AnsiConsole.MarkupLineInterpolated($"[{Style(line.Tone)}]{text}[/]");
            }
            else
            {
                Console.Out.WriteLine(text);
            }
        }
    }

    public static void Print(string line) => Console.Out.WriteLine(line);
    public static void Error(string message) => Console.Error.WriteLine("tdxverify: " + Clean(message));

    /// <summary>Shows how far a long run is, on a terminal only.</summary>
    public static void Progress(int done, int total, string what)
    {
        if (ShowsProgress && total > 1)
            Console.Error.Write(done < total ? $"\r{done}/{total} {what,-50}" : $"\r{"",70}\r");
    }

    /// <summary>File names and log text are hostile: no control characters reach a terminal.</summary>
    private static string Clean(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c)) : text;

    private static string Style(Tone tone) => tone switch
    {
        Tone.Heading => "bold",
        Tone.Good => "green",
        Tone.Bad => "red",
        Tone.Note => "grey",
        _ => "default",
    };
}
