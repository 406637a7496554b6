// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Invariants;
using TdxVerify.Reporting;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;
using TdxVerify.Search;
using TdxVerify.Search.Designs;
using TdxVerify.Search.Differences;
using TdxVerify.Search.Mutants;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

internal static class ReplayCommand
{
    private static readonly Argument<string> FileArgument = new("FILE") { Description = "scenario file of a finding, or any kernel log; - for standard input" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "known findings count" };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };

    private static readonly Option<string?> Kernel = new("--kernel") { Description = "run it on " + KernelChoice.Description, HelpName = "TREE" };
    private static readonly Option<string?> Against = new("--against") { Description = "another kernel tree that must do the same, instead of the reference", HelpName = "TREE" };

    public static Command Create()
    {
        var command = new Command("replay", "Run one scenario again and judge it. Exit code 1: it still breaks what it was kept for, or anything that is not known.")
        {
            FileArgument, Kernel, Against, Strict, Json,
        };
        command.SetAction(static parsed =>
        {
            Interruption.Listen();
            return KernelChoice.Guard(() => Judge(parsed.GetValue(FileArgument)!, parsed.GetValue(Kernel), parsed.GetValue(Against), parsed.GetValue(Strict), parsed.GetValue(Json)));
        });
        return command;
    }

    /// <summary>A scenario file as it is run: what it leaves out is TDX being enabled.</summary>
    /// <exception cref="BadInputException">It has no memory, or names a statement that there is not.</exception>
    internal static (Scenario Scenario, Property? Kept) Read(string file)
    {
        var scenario = LogReader.Read(file, 0, false).Scenario;
        if (scenario.Machine.HasNoMemoryMap && scenario.Property is null)
        {
            throw new BadInputException(file, "expected a scenario with memory (BIOS-e820 or 'tdxverify: memblock' lines), got none");
        }

        if (scenario.Steps.Count == 0)
        {
            scenario.Steps.Add(Step.Enable);
        }

        return (scenario, scenario.Property is { } id
            ? PropertyCatalog.Find(id) ?? throw new BadInputException(file, $"expected a statement of 'tdxverify list', got '{id}'")
            : null);
    }

    private static int Judge(string file, string? kernel, string? against, bool isStrict, bool isJson)
    {
        var (scenario, kept) = Read(file);
        var options = OptionsOf(file, scenario.Profile, kept, kernel, against);
        using var trial = options.Kernel is null ? LocalTrialOf(file, scenario.Profile, kept) : options.CreateTrial();
        var result = trial.Try(scenario);
        var breaches = result.Breaches;
        var findings = breaches
            .Where(b => isStrict || kept is not null || b.Known is null)
            .Select(b => (Finding.AsItIs(scenario, b, result), file)).ToList();
        if (isJson)
        {
            Screen.Print(CheckJson.Write(1, null, findings, null));
        }
        else
        {
            Show(findings, breaches, kept, options.Kernel);
        }

        return findings.Count > 0 ? ExitCode.Finding : ExitCode.Nothing;
    }

    private static void Show(List<(Finding Finding, string File)> findings, IReadOnlyList<Breach> breaches, Property? kept, KernelUnderTest? kernel)
    {
        if (kernel is not null)
        {
            Screen.Print(KernelChoice.Describe(kernel));
        }

        foreach (var (finding, file) in findings)
        {
            Screen.Print(FindingText.Write(finding, file, file, kernel?.Options));
        }

        foreach (var known in breaches.Where(b => !findings.Exists(f => f.Finding.Property == b.Property)).Select(static b => b.Known!))
        {
            Screen.Print([new ReportLine($"known: {known.Name} ({known.Invariant}): {known.Sentence}", Tone.Note)]);
        }

        Screen.Print(findings.Count > 0
            ? $"{findings.Count} broken"
            : kept is null ? breaches.Count > 0 ? "nothing is broken that is not known" : "nothing is broken" : $"{kept.Id} holds");
    }

    private static CampaignPlan OptionsOf(string file, string? profile, Property? kept, string? kernel, string? against)
    {
        var options = new CampaignPlan { PropertyCatalog = kept is null ? [] : [kept.Id] };
        if (kernel is null)
        {
            return against is not null
                ? throw new BadInputException("--against", "expected --kernel beside it: the tree that is run")
                : kept is Agreement or { Id: "K1" or "K2" }
                    ? throw new BadInputException(file, $"expected --kernel TREE: {kept.Id} is about a kernel's own code")
                    : options;
        }

        return profile is not null && HostProfile.Find(profile) is null
            ? throw new BadInputException(file, $"expected no --kernel: the scenario asks for {profile}, which is planted in the model")
            : options with { Kernel = KernelChoice.UnderTest(kernel, against, BuildKind.Plain), Worker = KernelChoice.Worker(BuildKind.Plain) };
    }

    private static LocalTrial LocalTrialOf(string file, string? profile, Property? kept)
    {
        var (rules, choices) = RulesOf(file, profile);
        return new LocalTrial(new CaseJudge(rules, choices, kept is null ? null : id => id == kept.Id));
    }

    private static (HostRules Rules, MergedChoices Choices) RulesOf(string file, string? name)
    {
        if (name is null)
        {
            return (HostRules.Merged, MergedChoices.All);
        }

        if (MutantCatalog.Find(name) is { } slip)
        {
            return (slip.Rules, slip.Choices);
        }

        if (DesignCatalog.Find(name)?.AsMutant is { } design)
        {
            return (design.Rules, design.Choices);
        }

        return HostProfile.Find(name) is { } profile
            ? (profile.Rules, profile.Rules.MergedChoices)
            : throw new BadInputException(file, $"expected a profile or a slip of 'tdxverify list', or a design, got '{name}'");
    }
}
