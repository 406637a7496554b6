// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Model.TdxHost;
using TdxVerify.Reporting;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;
using TdxVerify.Search;
using TdxVerify.Search.Slips;

namespace TdxVerify.Cli;

/// <summary>tdxverify replay.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<string> FileArgument = new("FILE") { Description = "scenario file of a finding, or any kernel log; - for standard input" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "known findings count" };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new Command("replay", "Run one scenario again and judge it. Exit code 1: it still breaks what it was kept for, or anything that is not known.")
        {
            FileArgument, Strict, Json,
        };
        command.SetAction(static parsed => Run(parsed.GetValue(FileArgument)!, parsed.GetValue(Strict), parsed.GetValue(Json)));
        return command;
    }

    private static int Run(string file, bool isStrict, bool isJson)
    {
        try
        {
            return Judge(file, isStrict, isJson);
        }
        catch (BadInputException problem)
        {
            Screen.Error(problem.Message);
            return ExitCode.BadInput;
        }
    }

    private static int Judge(string file, bool isStrict, bool isJson)
    {
        var scenario = LogReader.Read(file, 0, false).Scenario;
        if (scenario.Machine.HasNoMemoryMap && scenario.Statement is null)
        {
            throw new BadInputException(file, "expected a scenario with memory (BIOS-e820 or 'tdxverify: memblock' lines), got none");
        }

        if (scenario.Steps.Count == 0)
        {
            scenario.Steps.Add(Model.Cases.Step.Enable);
        }

        var (rules, isMerged) = RulesOf(file, scenario.Profile);
        var kept = scenario.Statement is { } id
            ? Statements.Find(id) ?? throw new BadInputException(file, $"expected a statement of 'tdxverify list', got '{id}'")
            : null;
        var judge = new CaseJudge(rules, isMerged, kept is null ? null : name => name == kept.Id);
        judge.Run(scenario);
        var breaches = judge.Judge(withRelations: true).ToList();
        var findings = breaches
            .Where(b => isStrict || kept is not null || b.Known is null)
            .Select(b => (Finding.AsItIs(scenario, b, TrialResult.Of(judge)), file)).ToList();
        if (isJson)
        {
            Screen.Print(CheckJson.Write(1, null, findings, null));
        }
        else
        {
            foreach (var (finding, _) in findings)
            {
                Screen.Print(FindingText.Write(finding, file, file));
            }

            foreach (var known in breaches.Where(b => !findings.Exists(f => f.Item1.Statement == b.Statement)).Select(static b => b.Known!))
            {
                Screen.Print([new ReportLine($"known: {known.Name} ({known.Invariant}): {known.Sentence}", Tone.Note)]);
            }

            Screen.Print(findings.Count > 0
                ? $"{findings.Count} broken"
                : kept is null ? breaches.Count > 0 ? "nothing is broken that is not known" : "nothing is broken" : $"{kept.Id} holds");
        }

        return findings.Count > 0 ? ExitCode.Finding : ExitCode.Nothing;
    }

    private static (HostRules Rules, bool IsMerged) RulesOf(string file, string? name)
    {
        if (name is null)
        {
            return (HostRules.Merged, true);
        }

        if (SlipCatalog.Find(name) is { } slip)
        {
            return (slip.Rules, slip.IsMerged);
        }

        return HostProfile.Find(name) is { } profile
            ? (profile.Rules, profile == HostProfile.Merged)
            : throw new BadInputException(file, $"expected a profile or a slip of 'tdxverify list', got '{name}'");
    }
}
