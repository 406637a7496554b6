// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Security.Cryptography;
using TdxVerify.KernelTrees;
using TdxVerify.Model.TdxHost;
using TdxVerify.Mutation.Table;
using TdxVerify.Properties.Generation;
using TdxVerify.Reporting;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

internal static class CheckCommand
{
    private const ulong DefaultCases = 100_000;

    private static readonly Option<ulong?> Cases =
        new("--cases")
        {
            Description = "how many cases (default: 100000)",
            HelpName = "N",
            CustomParser = static r => Number(r, 1)
        };
    private static readonly Option<TimeSpan?> Time =
        new("--time") { Description = "how long: 60s, 5m or 1h", HelpName = "T", CustomParser = Duration.Parse };
    private static readonly Option<ulong?> Seed =
        new("--seed")
        {
            Description = "the seed, printed by every run",
            HelpName = "S",
            CustomParser = static r => Number(r, 0)
        };
    private static readonly Option<ulong?> Case =
        new("--case")
        {
            Description = "only this case of the seed",
            HelpName = "I",
            CustomParser = static r => Number(r, 0)
        };
    private static readonly Option<ulong?> Workers =
        new("--workers")
        {
            Description = "threads (default: one a processor); the result is the same",
            HelpName = "W",
            CustomParser = static r => Number(r, 1, 1024)
        };
    private static readonly Option<bool> KeepGoing =
        new("--keep-going") { Description = "continue after the first violation; each property is shown once" };
    private static readonly Option<bool> Strict = new("--strict") { Description = "known issues fail too" };
    private static readonly Option<bool> Verbose =
        new("--verbose", "-v") { Description = "show which kinds of cases were met" };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };
    private static readonly Option<string?> Findings =
        new("--findings")
        {
            Description = "folder for the scenario files of findings (default: the user's state folder)",
            HelpName = "DIR"
        };
    private static readonly Option<string?> From =
        new("--from") { Description = "vary the machine found in a kernel log or scenario file", HelpName = "LOG" };
    private static readonly Option<string?> Kernel =
        new("--kernel") { Description = "search " + KernelChoice.Description, HelpName = "TREE" };
    private static readonly Option<string?> Against =
        new("--against")
        {
            Description = "another kernel tree that must do the same, instead of the reference",
            HelpName = "TREE"
        };
    private static readonly Option<bool> Sanitize =
        new("--sanitize") { Description = "compile the kernel with AddressSanitizer and UBSan" };
    private static readonly Option<bool> Coverage =
        new("--coverage") { Description = "count which lines and branches of the kernel's tdx.c and seamldr.c ran" };

    private static readonly Option<Strategy> StrategyOption = new("--strategy")
    {
        Description =
            "realistic, adversarial, memblock (its calls alone, without TDX), exhaustive, sequences (memory hotplug), "
                + "short (every sequence of five steps on a small machine), uniform (any value in every field), or "
                + "mixed (of 32 cases 16 realistic, 13 adversarial, 2 sequences, one of memblock)",
        HelpName = "NAME",
        CustomParser = static r => Enum.TryParse<Strategy>(r.Tokens[0].Value, ignoreCase: true, out var strategy)
            && !char.IsDigit(r.Tokens[0].Value[0])
            ? strategy
            : Fail<Strategy>(
                r, $"--strategy takes realistic, adversarial, memblock, exhaustive, sequences, short, uniform or "
                    + $"mixed, not '{r.Tokens[0].Value}'"),
    };

    private static readonly Option<string[]> PropertyOption =
        Ids("--property", "check only this one, like L3; may be repeated");
    private static readonly Option<string[]> Without =
        Ids("--without", "check all but this one, like K4, the comparison with the reference; may be repeated");

    private static readonly Option<HostProfile?> Profile = ProfileOption.Create();

    private static readonly Option<string?> MutantOption = new("--mutant")
    {
        Description = "plant a fault in the kernel's source: a name of 'tdxverify list' or of 'tdxverify mutate "
            + "--list'; the search must find it",
        HelpName = "NAME",
    };

    /// <summary>The options that say which cases are searched and what becomes of findings.</summary>
    internal static IReadOnlyList<Option> SearchOptions =>
        [Cases, Time, Seed, StrategyOption, Workers, Case, Findings, From, Json, Verbose];

    public static Command Create()
    {
        var command =
            new Command(
                "check", "Check every property on generated machines; a violation is shrunk to the smallest machine. "
                    + "Exit code 1: a property is violated that is no known issue.")
        {
            Cases, Time, Seed, StrategyOption, PropertyOption, Without, Workers, Case, KeepGoing, Profile,
            MutantOption, Findings, From, Strict, Json, Kernel, Against, Sanitize, Coverage,
        };
        command.SetAction(static parsed => Run(parsed));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Interruption.Listen();
        return KernelChoice.Guard(() => parsed.GetValue(Coverage) ? CountedSearch(parsed)
            : parsed.GetValue(Sanitize) && parsed.GetValue(Kernel) is { } name ? SanitizedSearch(parsed, name)
            : Search(parsed, PlanOf(parsed)));
    }

    /// <summary>Two threads first, which takes a second; then the search.</summary>
    private static int SanitizedSearch(ParseResult parsed, string name)
    {
        var plan = PlanOf(parsed);
        var threads = ThreadReport.Of(KernelChoice.Build(name, BuildKind.ThreadSanitized), Interruption.Token);
        if (threads.Summary is { } summary)
        {
            var file = new FindingStore(parsed.GetValue(Findings) ?? FindingStore.DefaultFolder)
                .WriteReport("K2-threads", threads.Report);
            Screen.Print(
                [new ReportLine($"K2 violated: {PropertyCatalog.Find("K2")!.Sentence}", Tone.Bad),
                    new ReportLine($"  initialisation against the notifier on two threads: {summary}"),
                    new ReportLine($"  the whole report: {file}")]);
            Screen.Print("");
        }
        else if (!parsed.GetValue(Json))
        {
            Screen.Print("initialisation against the notifier on two threads: no data race");
        }

        var code = Search(parsed, plan);
        return threads.Summary is null || code == ExitCode.HarnessFailed ? code : ExitCode.Finding;
    }

    /// <summary>Searches with counters in the kernel's code, and shows what ran.</summary>
    private static int CountedSearch(ParseResult parsed)
    {
        if (parsed.GetValue(Kernel) is not { } name || parsed.GetValue(Sanitize)
            || parsed.GetValue(Against) is not null)
        {
            throw new BadInputException(
                "--coverage", "expected --kernel beside it, and neither --sanitize nor --against");
        }

        var built = KernelChoice.Build(name, BuildKind.Coverage);
        using var counts = new TemporaryFolder(Path.Combine(KernelBuild.DefaultCacheFolder, "counts"));
        var launch = KernelChoice.Worker(BuildKind.Coverage) with
        {
            Variables = new Dictionary<string, string> { ["GCOV_PREFIX"] = counts.Path, ["GCOV_PREFIX_STRIP"] = "99" },
        };
        if (parsed.GetValue(Profile) is not null || parsed.GetValue(MutantOption) is not null)
            throw new BadInputException("--coverage", "expected neither --profile nor --mutant beside it");

        var code =
            Search(parsed,
                PlainPlanOf(parsed)
                    with
                { Kernel = KernelChoice.UnderTest(name, null, BuildKind.Coverage), Worker = launch });
        if (!parsed.GetValue(Json))
        {
            foreach (var coverage in CodeCoverage.Read(built, counts.Path, CancellationToken.None))
                Screen.Print(CodeCoverageText.Write(coverage));
        }

        return code;
    }

    internal static int Search(ParseResult parsed, CampaignPlan plan)
    {
        var store = new FindingStore(parsed.GetValue(Findings) ?? FindingStore.DefaultFolder);
        var run = new CheckRun(plan, store, parsed.GetValue(Json), parsed.GetValue(Verbose));
        return parsed.GetValue(Case) is { } index ? run.RunCase(index) : run.Run(parsed.GetValue(Time));
    }

    /// <summary>A grid has an end; behind it every case would be one that was there.</summary>
    private static ulong MaxCases(Strategy strategy) => strategy switch
    {
        Strategy.Exhaustive => SmallGrid.Total,
        Strategy.Short => ShortSequences.Total,
        _ => ulong.MaxValue,
    };

    private static CampaignPlan PlanOf(ParseResult parsed)
    {
        var plan = PlainPlanOf(parsed);
        var kernel = parsed.GetValue(Kernel);
        if (kernel is null)
        {
            return parsed.GetValue(Against) is null && parsed.GetValue(MutantOption) is null
                ? plan
                : throw new BadInputException(
                    parsed.GetValue(Against) is null ? "--mutant" : "--against",
                    "expected --kernel beside it: the tree that is searched");
        }

        if (parsed.GetValue(Profile) is not null)
        {
            throw new BadInputException(
                "--profile", "expected no --kernel beside it: a tree says itself which policy is its own");
        }

        var kind = parsed.GetValue(Sanitize) ? BuildKind.Sanitized : BuildKind.Plain;
        return plan with
        {
            Kernel = KernelChoice.UnderTest(kernel, parsed.GetValue(Against), kind, parsed.GetValue(MutantOption)),
            Strategy = parsed.GetResult(StrategyOption) is null && parsed.GetValue(MutantOption) is { } mutant
                ? MutantTable.All.FirstOrDefault(r => r.Name == mutant)?.Strategy ?? plan.Strategy
                : plan.Strategy,
            Worker = KernelChoice.Worker(kind),
        };
    }

    internal static CampaignPlan PlainPlanOf(ParseResult parsed) => new()
    {
        Seed = parsed.GetValue(Seed) ?? BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(sizeof(uint))),
        Cases = Math.Min(
            MaxCases(parsed.GetValue(StrategyOption)), parsed.GetValue(Cases)
                ?? (parsed.GetValue(Time) is null ? DefaultCases : ulong.MaxValue / 2)),
        Strategy = parsed.GetValue(StrategyOption),
        Workers = (int)(parsed.GetValue(Workers) ?? (ulong)Environment.ProcessorCount),
        KeepsGoing = parsed.GetValue(KeepGoing),
        IsStrict = parsed.GetValue(Strict),
        Policy = (parsed.GetValue(Profile) ?? HostProfile.Merged).Name,
        Properties = Judged(parsed),
        Origin = parsed.GetValue(From) is { } log ? Origin(log) : null,
        OriginName = parsed.GetValue(From),
    };

    private static IReadOnlyList<string> Judged(ParseResult parsed)
    {
        var only = parsed.GetValue(PropertyOption) ?? [];
        var without = parsed.GetValue(Without) ?? [];
        if (without.Length == 0)
            return only;

        var left = (only.Length > 0 ? only : PropertyCatalog.Usual.Select(static p => p.Id)).Except(without).ToList();
        return left.Count > 0
            ? left
            : throw new BadInputException("--without", "expected a property that is left to check, got none");
    }

    private static Option<string[]> Ids(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ID",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = r =>
            [.. r.Tokens.SelectMany(static t => t.Value.Split(',')).Select(id => PropertyCatalog.Find(id)?.Id
            ?? Fail<string>(r, $"{name} takes an id of 'tdxverify list', like L3, not '{id}'"))],
    };

    private static string Origin(string log)
    {
        var scenario = LogReader.Read(log, 0, false).Scenario;
        return scenario.Machine.HasNoMemoryMap
            ? throw new BadInputException(log, "expected a memory map (BIOS-e820 lines) to stay around, got none")
            : ScenarioWriter.Write(scenario);
    }

    private static ulong? Number(ArgumentResult result, ulong least, ulong most = ulong.MaxValue / 2)
    {
        var text = result.Tokens[0].Value;
        return ulong.TryParse(
            text.Replace("_", "", StringComparison.Ordinal), NumberStyles.None, CultureInfo.InvariantCulture,
            out var number) && number >= least && number <= most
            ? number
            : Fail<ulong?>(
                result, $"{((OptionResult)result.Parent!).Option.Name} takes a number from "
                    + $"{least}{(most > int.MaxValue ? "" : $" to {most}")}, not '{text}'");
    }

    private static T Fail<T>(ArgumentResult result, string message)
    {
        result.AddError(message);
        return default!;
    }
}
