// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation;
using TdxVerify.Mutation.KillTables;
using TdxVerify.Mutation.Rivals;
using TdxVerify.Reporting;
using TdxVerify.Scenarios.Input;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Cli;

/// <summary>What <c>mutate --table</c> was asked for.</summary>
internal sealed record KillTableRequest
{
    /// <summary>NAME=COMMAND each.</summary>
    public required IReadOnlyList<string> Rivals { get; init; }

    public ulong Seed { get; init; }
    public int Trials { get; init; }
    public int Workers { get; init; }
    public TimeSpan Limit { get; init; }
    public bool Json { get; init; }

    /// <summary>Makes the table and prints it: a row as soon as it is done, or all as JSON at the end.</summary>
    /// <returns>The exit code.</returns>
    public int Make(string name, BuiltKernel built, IReadOnlyList<Mutant> mutants)
    {
        var rivals = RivalsOf();
        var plan = PlanOf(name, built, rivals);
        if (!Json)
            Screen.Print(KillTableMarkdown.Head(plan.Columns));

        var done = 0;
        var rows = new KillTableRun(plan, KernelChoice.Builder).Run(mutants, row =>
        {
            if (row is not null && !Json)
            {
                Screen.Progress(1, 1, "");
                Screen.Print([KillTableMarkdown.Row(row)]);
            }

            Screen.Progress(++done, mutants.Count, "mutants");
        }, Interruption.Token);
        Screen.Progress(1, 1, "");
        if (Json)
            Screen.Print(KillTableJson.Write(built.Tree.Name, Seed, Limit.TotalSeconds, rows));
        else
            Screen.Print(KillTableMarkdown.Sum(plan.Columns, rows));

        if (!Interruption.Token.IsCancellationRequested)
            return ExitCode.Nothing;

        Screen.Error(string.Create(
            CultureInfo.InvariantCulture, $"interrupted: {rows.Count} of {mutants.Count} mutants were tried"));
        return ExitCode.Interrupted;
    }

    private List<Rival> RivalsOf()
    {
        List<Rival> rivals = [];
        if (AflFuzz.Find() is { } afl)
            rivals.Add(afl);
        else
            Screen.Error("afl-fuzz was not found: its column is left out (apt install afl++)");

        foreach (var rival in Rivals)
        {
            var parts = rival.Split('=', 2);
            rivals.Add(parts.Length == 2
                ? Rival.OfCommand(parts[0], parts[1])
                : throw new BadInputException("--rival", $"expected NAME=COMMAND, got '{rival}'"));
        }

        return rivals;
    }

    private KillTablePlan PlanOf(string name, BuiltKernel built, List<Rival> rivals) => new(
        rivals.Select(static r => r.Kind).Append(BuildKind.Plain).Distinct()
            .ToDictionary(static k => k, k => k == BuildKind.Plain ? built : KernelChoice.Build(name, k)),
        KernelChoice.Plan(name, BuildKind.Plain) with
        {
            Seed = Seed,
            Cases = ulong.MaxValue / 2,
            CasesBehindDifference = 0,
        },
        [.. KernelChoice.Worker(BuildKind.Plain).Command.SkipLast(1), TargetCommand.Name],
        KillColumn.Of(rivals))
    {
        Trials = Trials,
        Workers = Workers,
        Limit = Limit,
    };
}
