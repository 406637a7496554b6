// SPDX-License-Identifier: MIT

using TdxVerify.Mutation.Table;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Mutation.Kills;

/// <summary>Compiles mutants and searches each, several at once; results come in the order of the mutants.</summary>
public sealed class MutationRun(MutationPlan plan, KernelBuild build)
{
    private readonly Dictionary<string, string> _texts = [];
    private readonly Lock _lock = new();

    /// <summary>Tries mutants until all are done or the token is cancelled.</summary>
    /// <param name="onResult">Hears of each in the order of the mutants, as soon as it and those in front of it are
    /// done.</param>
    /// <returns>Those that are done, in the order of the mutants.</returns>
    public IReadOnlyList<MutantResult> Run(
        IReadOnlyList<Mutant> mutants, Action<MutantResult>? onResult, CancellationToken token)
    {
        List<MutantResult> results = [];
        OrderedWork.Run(mutants.Count, plan.Workers, (i, _) => Try(mutants[i], token), result =>
        {
            if (result is null)
                return;

            results.Add(result);
            onResult?.Invoke(result);
        });
        return results;
    }

    /// <summary>The tree with a mutant, compiled.</summary>
    /// <exception cref="KernelBuildException">It can't be compiled.</exception>
    public BuiltKernel Build(Mutant mutant, CancellationToken token) =>
        Build(plan.Kernel, BuildKind.Plain, mutant, token);

    private BuiltKernel Build(BuiltKernel original, BuildKind kind, Mutant mutant, CancellationToken token) =>
        build.MakeChanged(original, kind, mutant.Edit.File, mutant.Edit.ApplyTo(TextOf(mutant.Edit.File)), token);

    /// <summary>What becomes of a mutant; null: the token was cancelled before anything was known.</summary>
    private MutantResult? Try(Mutant mutant, CancellationToken token)
    {
        token.ThrowIfCancellationRequested();
        BuiltKernel built;
        try
        {
            built = Build(mutant, token);
        }
        catch (KernelBuildException problem)
        {
            return new MutantResult(mutant, MutantFate.NotCompilable, problem.Message, []);
        }

        var argument = EquivalentTable.Argument(mutant);
        var kills = new List<Kill>();
        for (var trial = 0; trial < plan.Trials && !token.IsCancellationRequested; trial++)
        {
            try
            {
                kills.Add(Search(mutant, built, trial, token));
            }
            catch (WorkerFailedException failure)
            {
                return new MutantResult(mutant, MutantFate.HarnessFailed, failure.Message, kills);
            }

            // What is argued to be equivalent takes the longest; one search may say that it is not.
            if (argument is not null)
                break;
        }

        // A search that was cut short has not shown that anything survives.
        if (token.IsCancellationRequested && kills is [.., { IsKilled: false }])
            kills.RemoveAt(kills.Count - 1);

        if (kills.Count == 0)
            return null;

        var isKilled = kills.TrueForAll(static k => k.IsKilled);
        var fate = argument is null
            ? isKilled ? MutantFate.Killed : MutantFate.Survived
            : isKilled ? MutantFate.Disproved : MutantFate.Equivalent;
        return new MutantResult(mutant, fate, argument, kills);
    }

    private Kill Search(Mutant mutant, BuiltKernel built, int trial, CancellationToken token)
    {
        var campaign = PlanOf(mutant, built, trial);
        var shrinks = plan.Shrinks && trial == 0;
        if (plan.Sanitized is not { } original)
            return MutantTrial.Run(campaign, plan.Limit, shrinks, token);

        var search = new AlternatingSearch(campaign, () =>
            PlanOf(mutant, Build(original, BuildKind.Sanitized, mutant, token), trial) with
            {
                Worker = plan.SanitizedWorker,
            });
        return search.Run(plan.Limit, shrinks, token);
    }

    private CampaignPlan PlanOf(Mutant mutant, BuiltKernel built, int trial) => plan.Campaign with
    {
        Seed = plan.Campaign.Seed + (ulong)trial,
        Workers = 1,
        Strategy = plan.Strategy ?? mutant.Strategy ?? plan.Campaign.Strategy,
        Kernel = plan.Campaign.Kernel! with { Library = built.Library, Mutant = mutant.Name },
    };

    private string TextOf(string file)
    {
        lock (_lock)
        {
            if (!_texts.TryGetValue(file, out var text))
                _texts.Add(file, text = File.ReadAllText(Path.Combine(plan.Kernel.Tree.Folder, file)));

            return text;
        }
    }
}
