// SPDX-License-Identifier: MIT

using System.CommandLine;
using System.Globalization;
using TdxVerify.KernelTrees;
using TdxVerify.Mutation;
using TdxVerify.Mutation.Kills;
using TdxVerify.Mutation.Table;
using TdxVerify.Properties.Generation;
using TdxVerify.Reporting;
using TdxVerify.Scenarios.Input;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

internal static class MutateCommand
{
    private const ulong DefaultCases = 20_000;
    private const int TableTrials = 10;
    private static readonly TimeSpan TableLimit = TimeSpan.FromSeconds(60);

    private static readonly Option<string> Kernel =
        new("--kernel") { Description = "mutate " + KernelChoice.Description, HelpName = "TREE", Required = true };
    private static readonly Option<string[]> Function =
        new("--function") { Description = "only mutants of this C function; may be repeated", HelpName = "F" };
    private static readonly Option<string?> Since =
        new("--since")
        {
            Description = "only mutants of lines that are not as this git revision has them",
            HelpName = "REV",
        };
    private static readonly Option<string[]> Only =
        new("--mutant") { Description = "only this mutant; may be repeated", HelpName = "NAME" };
    private static readonly Option<bool> Named =
        new("--named") { Description = "the mutants of mutants/kernel.tsv instead of those that rules make" };
    private static readonly Option<ulong> Cases =
        new("--cases")
        {
            Description = "cases that a mutant may survive (default: 20000; with --time: no bound)",
            HelpName = "N",
        };
    private static readonly Option<TimeSpan?> Time =
        new("--time") { Description = "how long a mutant is searched", HelpName = "T", CustomParser = Duration.Parse };
    private static readonly Option<int?> Trials =
        new("--trials")
        {
            Description = "searches of each mutant, each with a seed of its own (default: 1; with --table: 10)",
            HelpName = "N",
        };
    private static readonly Option<int> Sample =
        new("--sample")
        {
            Description = "only one mutant in N, spread over all of them",
            HelpName = "N",
            DefaultValueFactory = static _ => 1,
        };
    private static readonly Option<bool> Table =
        new("--table")
        {
            Description = "a table of mutants and strategies, with AFL++ beside them where it is installed; each "
                + "search on one processor, of 60 s at most unless --time says otherwise",
        };
    private static readonly Option<string[]> RivalOption =
        new("--rival")
        {
            Description = "another column of --table: a shell command that prints scenarios, each with an empty line "
                + "behind it; {seed} in it is the seed",
            HelpName = "NAME=COMMAND",
        };
    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "the first seed (default: 1)",
        HelpName = "S",
        DefaultValueFactory = static _ => 1,
    };
    private static readonly Option<Strategy?> StrategyOption = new("--strategy")
    {
        Description = "how cases are made, as for check; default: mixed, or what mutants/kernel.tsv says",
        HelpName = "S",
    };
    private static readonly Option<int> Workers =
        new("--workers")
        {
            Description = "mutants at once (default: one a processor)",
            HelpName = "W",
            DefaultValueFactory = static _ => Environment.ProcessorCount,
        };
    private static readonly Option<bool> NoShrink = new("--no-shrink") { Description = "don't shrink what is found" };
    private static readonly Option<bool> List = new("--list") { Description = "name the mutants, try none" };
    private static readonly Option<string?> Patches = new("--patches")
    {
        Description = "write each mutant as a patch for patch -p1 into this folder, try none",
        HelpName = "FOLDER",
    };
    private static readonly Option<bool> Verbose = new("--verbose") { Description = "show killed mutants too" };
    private static readonly Option<bool> Markdown = new("--markdown") { Description = "a Markdown table" };
    private static readonly Option<bool> Json = new("--json") { Description = "one JSON object on one line" };

    public static Command Create()
    {
        var command = new Command(
            "mutate",
            "Plant small faults in a kernel's source, one at a time, and see whether the search notices each. "
                + "Exit code 1: one survived.")
        {
            Kernel, Function, Since, Only, Named, Cases, Time, Trials, Seed, StrategyOption, Workers, NoShrink, List,
            Patches, Verbose, Markdown, Json, Sample, Table, RivalOption,
        };
        command.SetAction(static parsed => KernelChoice.Guard(() => Run(parsed)));
        return command;
    }

    private static int Run(ParseResult parsed)
    {
        Interruption.Listen(KernelChoice.Patience);
        var name = parsed.GetValue(Kernel)!;
        var built = KernelChoice.Build(name, BuildKind.Plain);
        var mutants = Mutants(parsed, name, built.Tree);
        if (parsed.GetValue(List))
        {
            Screen.Print(mutants.Select(static m => new ReportLine(string.Create(
                CultureInfo.InvariantCulture, $"{m.Name}  {m.Edit.File}:{m.Line}  {m.Before}  ->  {m.After}"))));
            return ExitCode.Nothing;
        }

        if (parsed.GetValue(Patches) is { } folder)
            return WritePatches(mutants, built.Tree, folder);

        if (parsed.GetValue(Table))
        {
            var table = new KillTableRequest
            {
                Rivals = parsed.GetValue(RivalOption) ?? [],
                Seed = parsed.GetValue(Seed),
                Trials = parsed.GetValue(Trials) ?? TableTrials,
                Workers = parsed.GetValue(Workers),
                Limit = parsed.GetValue(Time) ?? TableLimit,
                Json = parsed.GetValue(Json),
            };
            return table.Make(name, built, mutants);
        }

        var (isMarkdown, isJson) = (parsed.GetValue(Markdown), parsed.GetValue(Json));
        if (isMarkdown)
            Screen.Print(MutationMarkdown.Head());

        var done = 0;
        var run = new MutationRun(PlanOf(parsed, name, built), KernelChoice.Builder);
        var results = run.Run(mutants, result =>
        {
            Screen.Progress(1, 1, "");
            if (isMarkdown)
                Screen.Print([MutationMarkdown.Row(result)]);
            else if (!isJson && (parsed.GetValue(Verbose) || IsNews(result)))
                Screen.Print(MutationText.Write(result));

            Screen.Progress(++done, mutants.Count, "mutants");
        }, Interruption.Token);
        Screen.Progress(1, 1, "");
        if (isJson)
            Screen.Print(MutationJson.Write(built.Tree.Name, parsed.GetValue(Seed), results));
        else if (!isMarkdown)
            Screen.Print(MutationText.Sum(results));

        if (results.Count < mutants.Count)
            Screen.Error(string.Create(
                CultureInfo.InvariantCulture, $"interrupted: {results.Count} of {mutants.Count} mutants were tried"));

        return results.Any(static r => r.Fate == MutantFate.HarnessFailed) ? ExitCode.HarnessFailed
            : results.Any(static r => r.Fate is MutantFate.Survived or MutantFate.Disproved) ? ExitCode.Finding
            : results.Count < mutants.Count ? ExitCode.Interrupted
            : ExitCode.Nothing;
    }

    private static int WritePatches(List<Mutant> mutants, KernelTree tree, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var ofFile in mutants.GroupBy(static m => m.Edit.File))
        {
            var source = File.ReadAllText(Path.Combine(tree.Folder, ofFile.Key));
            foreach (var mutant in ofFile)
                File.WriteAllText(Path.Combine(folder, PatchText.FileOf(mutant)), PatchText.Of(mutant, source));
        }

        Screen.Print(string.Create(CultureInfo.InvariantCulture, $"{mutants.Count} patches in {folder}"));
        return ExitCode.Nothing;
    }

    private static bool IsNews(MutantResult result) =>
        result.Fate is not (MutantFate.Killed or MutantFate.Equivalent or MutantFate.NotCompilable);

    private static List<Mutant> Mutants(ParseResult parsed, string name, KernelTree tree)
    {
        IEnumerable<Mutant> mutants = parsed.GetValue(Named)
            ? MutantTable.Of(tree.Release).Select(r => r.In(tree.Folder))
            : MutantMaker.Make(MemoryPath.Functions(MemoryPath.Read(tree.Folder)));
        var functions = parsed.GetValue(Function) ?? [];
        if (functions.Length > 0)
            mutants = mutants.Where(m => functions.Contains(m.Function));

        var only = parsed.GetValue(Only) ?? [];
        if (only.Length > 0)
            mutants = mutants.Where(m => only.Contains(m.Name));

        if (parsed.GetValue(Since) is { } revision)
        {
            var lines = MemoryPath.Files.ToDictionary(
                static f => f, f => ChangedLines.Since(name, revision, f, Interruption.Token));
            mutants = mutants.Where(m => lines.TryGetValue(m.Edit.File, out var changed) && changed.Contains(m.Line));
        }

        var sample = parsed.GetValue(Sample);
        if (sample < 1)
            throw new BadInputException("--sample", string.Create(
                CultureInfo.InvariantCulture, $"expected a number from 1 on, got {sample}"));

        var chosen = mutants.Where((_, i) => i % sample == 0).ToList();
        return chosen.Count > 0
            ? chosen
            : throw new BadInputException(name, "expected source to mutate, found none of what was asked for");
    }

    private static MutationPlan PlanOf(ParseResult parsed, string name, BuiltKernel built)
    {
        var time = parsed.GetValue(Time);
        var cases = parsed.GetResult(Cases) is not null ? parsed.GetValue(Cases)
            : time is null ? DefaultCases
            : ulong.MaxValue / 2;
        var campaign = KernelChoice.Plan(name, BuildKind.Plain) with
        {
            Seed = parsed.GetValue(Seed),
            Cases = cases,
            CasesBehindDifference = 1 << 10,
        };
        return new MutationPlan(built, campaign)
        {
            Strategy = parsed.GetValue(StrategyOption),
            Sanitized = KernelChoice.Build(name, BuildKind.Sanitized),
            SanitizedWorker = KernelChoice.Worker(BuildKind.Sanitized),
            Trials = parsed.GetValue(Trials) ?? 1,
            Workers = parsed.GetValue(Workers),
            Limit = time,
            Shrinks = !parsed.GetValue(NoShrink),
        };
    }
}
