// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;
using TdxVerify.Model.TdxHost;
using TdxVerify.Scenarios;

namespace TdxVerify.Search;

/// <summary>Findings as scenario files in a folder: on disk before they are on the screen.</summary>
/// <param name="folder">The folder; it is made when the first finding is written.</param>
public sealed class FindingStore(string folder)
{
    /// <summary>Where findings go when nobody says: the user's state folder.</summary>
    public static string DefaultFolder
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME");
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            var root = !string.IsNullOrEmpty(state)
                && Path.IsPathRooted(state) ? state : Path.Combine(home, ".local", "state");
            return Path.Combine(root, "tdxverify", "findings");
        }
    }

    public string Write(Finding finding, CampaignPlan plan)
    {
        Directory.CreateDirectory(folder);
        var subject = plan.Kernel is { } searched
            ? "-kernel" + (searched.Mutant is { } mutant ? "-" + mutant.Replace('/', '-') : "")
            : plan.Policy == HostProfile.Merged.Name ? "" : "-" + plan.Policy;
        var name =
            string.Create(
                CultureInfo.InvariantCulture,
                $"{finding.Property.Id}{subject}-{plan.Seed}-{finding.Violation.Case}.scn");
        var path = Path.Combine(folder, name);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {finding.Property.Id}: {finding.Property.Sentence}\n");
        if (finding.Known is { } known)
            text.Append(CultureInfo.InvariantCulture, $"# known issue: {known.Name}\n");

        text.Append(
            CultureInfo.InvariantCulture,
            $"# seed {plan.Seed}, case {finding.Violation.Case}, tdxverify {ProductVersion.Text}\n");
        if (plan.Kernel is { } kernel)
            text.Append(CultureInfo.InvariantCulture, $"# {string.Join(' ', kernel.Options)} ({kernel.Name})\n");

        if (finding.Violation.Detail is { } detail)
            text.Append(CultureInfo.InvariantCulture, $"# {detail.ReplaceLineEndings(" ")}\n");

        if (finding.SecondTrace is { } second)
        {
            Append(text, "first run, which failed", finding.Violation.Trace ?? []);
            Append(text, "second run, which did not", second);
        }

        text.Append(ScenarioWriter.Write(finding.Scenario));

        // A reader never sees half a file, and a second run with the same finding replaces it.
        var half = path + "." + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        File.WriteAllText(half, text.ToString());
        File.Move(half, path, overwrite: true);
        return path;
    }

    /// <summary>Writes a report that has no scenario.</summary>
    public string WriteReport(string name, string report)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, name + ".txt");
        File.WriteAllText(path, report);
        return path;
    }

    private static void Append(StringBuilder text, string title, IReadOnlyList<string> trace)
    {
        if (trace.Count > 0)
            text.Append(CultureInfo.InvariantCulture, $"# {title}:\n");

        foreach (var line in trace)
            text.Append(CultureInfo.InvariantCulture, $"#   {line}\n");
    }
}
