// SPDX-License-Identifier: MIT

using System.CommandLine;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Invariants;
using TdxVerify.Reporting;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;
using TdxVerify.Search;
using TdxVerify.Search.Designs;
using TdxVerify.Search.Differences;
using TdxVerify.Search.KnownIssues;
using TdxVerify.Search.Reports;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

internal static class ReplayCommand
{
    private static readonly Argument<string> FileArgument =
        new("FILE") { Description = "scenario file of a finding, or any kernel log; - for standard input" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "known issues fail too" };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };
    private static readonly Option<string?> Kernel =
        new("--kernel") { Description = "run it on " + KernelChoice.Description, HelpName = "TREE" };
    private static readonly Option<string?> Against =
        new("--against")
        {
            Description = "another kernel tree that must do the same, instead of the reference",
            HelpName = "TREE"
        };

    private static readonly Option<string?> MutantOption =
        new("--mutant")
        {
            Description = "plant a fault in the kernel's source first: a name of 'tdxverify list'",
            HelpName = "NAME"
        };
    private static readonly Option<string?> Design =
        new("--design")
        {
            Description = "run it under a design or profile of 'tdxverify list', or under all designs side by side",
            HelpName = "NAME|all"
        };

    public static Command Create()
    {
        var command =
            new Command(
                "replay",
                "Run one scenario again and check it. Exit code 1: it still violates the property that it was "
                    + "kept for, or any that is no known issue.")
        {
            FileArgument, Kernel, Against, MutantOption, Design, Strict, Json,
        };
        command.SetAction(static parsed =>
        {
            Interruption.Listen();
            return KernelChoice.Guard(() =>
            {
                var file = parsed.GetValue(FileArgument)!;
                var design = parsed.GetValue(Design);
                if (design is not null && parsed.GetValue(Kernel) is not null)
                {
                    throw new BadInputException(
                        "--design", "expected no --kernel beside it: a tree has its own rules");
                }

                return design == "all"
                    ? ShowDesigns(file, parsed.GetValue(Json))
                    : Judge(
                        file, design, (parsed.GetValue(Kernel), parsed.GetValue(Against),
                        parsed.GetValue(MutantOption)), parsed.GetValue(Strict), parsed.GetValue(Json));
            });
        });
        return command;
    }

    /// <summary>A scenario file as it is run: what it leaves out is TDX being enabled.</summary>
    /// <exception cref="BadInputException">It has no memory, or names a property that there is not.</exception>
    internal static (Scenario Scenario, Property? Kept) Read(string file)
    {
        var scenario = LogReader.Read(file, 0, false).Scenario;
        if (scenario.Machine.HasNoMemoryMap && scenario.Property is null)
        {
            throw new BadInputException(
                file, "expected a scenario with memory (BIOS-e820 or 'tdxverify: memblock' lines), got none");
        }

        if (scenario.Steps.Count == 0)
            scenario.Steps.Add(Step.Enable);

        return (scenario, scenario.Property is { } id
            ? PropertyCatalog.Find(id)
                ?? throw new BadInputException(file, $"expected a property of 'tdxverify list', got '{id}'")
            : null);
    }

    /// <summary>The same steps under every design.</summary>
    private static int ShowDesigns(string file, bool isJson)
    {
        var (scenario, _) = Read(file);
        var all = new List<(string, IReadOnlyList<StepReport>)>();
        foreach (var design in DesignCatalog.All)
        {
            using var executor = IExecutor.Of(new CampaignPlan { Policy = design.Name });
            all.Add((design.Name, executor.Evaluate(scenario, withReport: true).Report!.Steps));
        }

        if (isJson)
            Screen.Print(StepsJson.Compare(all));
        else
            Screen.Print(StepsText.Compare(all));

        return ExitCode.Nothing;
    }

    private static int Judge(
        string file, string? design, (string? Tree, string? Against, string? Mutant) kernel, bool isStrict,
        bool isJson)
    {
        var (scenario, kept) = Read(file);
        scenario.Profile = design ?? scenario.Profile;
        var plan = PlanOf(file, scenario.Profile, kept, kernel);
        using var executor = IExecutor.Of(plan);
        var evaluation = executor.Evaluate(scenario, withReport: true);
        var findings = evaluation.Violations
            .Where(v => isStrict || kept is not null || v.KnownIssue is null)
            .Select(v => (FindingShrinker.AsItIs(scenario, v, evaluation), file)).ToList();
        if (isJson)
            Screen.Print(CheckJson.Write(1, null, findings, plan.Kernel, null, report: evaluation.Report));
        else
            Show(findings, evaluation, kept, plan.Kernel);

        return findings.Count > 0 ? ExitCode.Finding : ExitCode.Nothing;
    }

    private static void Show(
        List<(Finding Finding, string File)> findings, Evaluation evaluation, Property? kept, KernelUnderTest? kernel)
    {
        var violations = evaluation.Violations;
        if (kernel is not null)
            Screen.Print(KernelChoice.Describe(kernel));

        Screen.Print(StepsText.Write(evaluation.Report!.Steps));
        Screen.Print("");
        foreach (var (finding, file) in findings)
            Screen.Print(FindingText.Write(finding, file, file, kernel));

        var shown = findings.Select(static f => f.Finding.Violation.Property).ToHashSet();
        foreach (
            var known in violations.Where(v => !shown.Contains(v.Property))
                .Select(static v => KnownIssueCatalog.Find(v.KnownIssue!, v.Property)!))
        {
            Screen.Print(
                [new ReportLine($"known issue: {known.Name} ({known.Invariant}): {known.Sentence}", Tone.Note)]);
        }

        Screen.Print(findings.Count > 0
            ? $"{findings.Count} violated"
            : kept is null
                ? violations.Count > 0 ? "only known issues are violated" : "nothing is violated"
                : $"{kept.Id} holds");
    }

    private static CampaignPlan PlanOf(
        string file, string? profile, Property? kept, (string? Tree, string? Against, string? Mutant) kernel)
    {
        var plan = new CampaignPlan { Properties = kept is null ? [] : [kept.Id] };
        if (kernel.Tree is null)
        {
            return kernel.Mutant is not null
                ? throw new BadInputException("--mutant", "expected --kernel beside it: the tree that is run")
                : kernel.Against is not null
                ? throw new BadInputException("--against", "expected --kernel beside it: the tree that is run")
                : kept is DifferentialProperty or KernelInvariant { NeedsKernel: true }
                    ? throw new BadInputException(
                        file, $"expected --kernel TREE: {kept.Id} is about a kernel's own code")
                    : profile is null ? plan : plan with { Policy = Known(file, profile) };
        }

        return profile is not null && HostProfile.Find(profile) is null
            ? throw new BadInputException(
                file, $"expected no --kernel: the scenario asks for {profile}, which is planted in the model")
            : plan with
            {
                Kernel = KernelChoice.UnderTest(kernel.Tree, kernel.Against, BuildKind.Plain, kernel.Mutant),
                Worker = KernelChoice.Worker(BuildKind.Plain)
            };
    }

    private static string Known(string file, string name) => NamedPolicy.Find(name) is not null
        ? name
        : throw new BadInputException(
            file, $"expected a profile or a design of 'tdxverify list', got '{name}'");
}
