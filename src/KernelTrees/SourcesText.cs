// SPDX-License-Identifier: MIT

using System.Text.RegularExpressions;

namespace TdxVerify.KernelTrees;

/// <summary>Reads apt's sources in both formats of sources.list(5). What is off, of another type than deb, or not
/// understood gives no entry.</summary>
public static partial class SourcesText
{
    private const string Binary = "deb";
    private static readonly string[] Off = ["no", "false", "without", "off", "disable", "0"];
    private static readonly char[] Blank = [' ', '\t', '\r', '\n'];

    /// <summary>The one-line format: "deb [signed-by=/keyring] URI SUITE COMPONENT ..."</summary>
    public static IReadOnlyList<SourcesEntry> ReadList(string text) =>
        [.. text.Split('\n').Select(static l => l.Split('#')[0]).Select(ReadLine).OfType<SourcesEntry>()];

    /// <summary>The deb822 format: stanzas of "Name: value", with an empty line between them.</summary>
    public static IReadOnlyList<SourcesEntry> ReadStanzas(string text)
    {
        var entries = new List<SourcesEntry>();
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var name = "";
        foreach (
            var line in text.Split('\n').Select(static l => l.TrimEnd()).Where(static l => !l.StartsWith('#'))
                .Append(""))
        {
            if (line.Length == 0)
            {
                entries.AddRange(ReadFields(fields));
                fields.Clear();
                name = "";
            }
            else if (line[0] is ' ' or '\t')
            {
                fields[name] = fields.GetValueOrDefault(name, "") + "\n" + line;
            }
            else if (line.Split(':', 2) is [var field, var value])
            {
                name = field.Trim();
                fields[name] = value.Trim();
            }
        }

        return entries;
    }

    private static SourcesEntry? ReadLine(string line)
    {
        var found = OneLine().Match(line);
        return found.Success
            ? new SourcesEntry(
                found.Groups["uri"].Value, [found.Groups["suite"].Value], Words(found.Groups["components"].Value),
                SignedBy(found.Groups["options"].Value))
            : null;
    }

    private static string SignedBy(string options) =>
        SignedByOption().Match(options) is { Success: true } found ? found.Groups[1].Value.Replace(',', ' ') : "";

    private static IEnumerable<SourcesEntry> ReadFields(Dictionary<string, string> fields)
    {
        var suites = Words(fields.GetValueOrDefault("Suites", ""));
        var isOff = Off.Contains(fields.GetValueOrDefault("Enabled", ""), StringComparer.OrdinalIgnoreCase);
        return isOff || suites.Length == 0 || !Words(fields.GetValueOrDefault("Types", "")).Contains(Binary) ? []
            : Words(fields.GetValueOrDefault("URIs", ""))
                .Select(uri =>
                    new SourcesEntry(
                        uri, suites, Words(fields.GetValueOrDefault("Components", "")),
                        fields.GetValueOrDefault("Signed-By", "")));
    }

    private static string[] Words(string text) => text.Split(Blank, StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex(
        @"^\s*deb\s+(\[(?<options>[^\]]*)\]\s*)?(?<uri>\S+)\s+(?<suite>\S+)(?<components>(\s+\S+)*)\s*$",
        RegexOptions.ExplicitCapture)]
    private static partial Regex OneLine();

    [GeneratedRegex(@"(?:^|\s)signed-by=""?([^\s""]+)", RegexOptions.IgnoreCase)]
    private static partial Regex SignedByOption();
}
