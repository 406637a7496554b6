// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Mutation.Kills;
using TdxVerify.Mutation.Rivals;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Mutation.KillTables;

/// <summary>Searches every mutant in every way, each search on one processor.</summary>
public sealed class KillTableRun(KillTablePlan plan, KernelBuild build)
{
    /// <summary>Tries mutants until all are done or the token is cancelled.</summary>
    /// <param name="onRow">Hears of each in the order of the mutants, as soon as it and those in front of it are done;
    /// of null for one that can't be compiled.</param>
    /// <returns>Those that are done and can be compiled, in the order of the mutants.</returns>
    public IReadOnlyList<KillRow> Run(IReadOnlyList<Mutant> mutants, Action<KillRow?> onRow, CancellationToken token)
    {
        List<KillRow> rows = [];
        try
        {
            OrderedWork.Run(mutants.Count, plan.Workers, (i, cpu) => RowOf(mutants[i], cpu, token), row =>
            {
                if (row is not null)
                    rows.Add(row);

                onRow(row);
            });
        }
        catch (AggregateException failures)
        {
            throw new WorkerFailedException(failures.InnerException!.Message, failures);
        }

        return rows;
    }

    private KillRow? RowOf(Mutant mutant, int processor, CancellationToken token)
    {
        try
        {
            var built = plan.Kernels.ToDictionary(
                static k => k.Key, k => build.MakeChanged(k.Value, k.Key, mutant.Edit.File, TextOf(mutant), token));
            return new KillRow(mutant, [.. plan.Columns.Select(c => CellOf(c, mutant, built, processor, token))]);
        }
        catch (KernelBuildException)
        {
            return null;
        }
    }

    private KillCell CellOf(
        KillColumn column, Mutant mutant, Dictionary<BuildKind, BuiltKernel> built, int processor,
        CancellationToken token)
    {
        const int Hopeless = 2;
        var kills = new List<Kill>();
        while (kills.Count < plan.Trials && !(kills.Count == Hopeless && kills.TrueForAll(static k => !k.IsKilled)))
        {
            var campaign = plan.Campaign with
            {
                Seed = plan.Campaign.Seed + (ulong)kills.Count,
                Workers = 1,
                Strategy = column.Strategy,
                Kernel = plan.Campaign.Kernel! with
                {
                    Library = built[column.Rival?.Kind ?? BuildKind.Plain].Library,
                    Mutant = mutant.Name,
                },
            };
            kills.Add(column.Rival is { } rival
                ? Try(rival, campaign, processor, token)
                : MutantTrial.Run(OnOne(campaign, processor), plan.Limit, shrinks: false, token));
            token.ThrowIfCancellationRequested();
        }

        return new KillCell(column, plan.Trials, kills);
    }

    private Kill Try(Rival rival, CampaignPlan campaign, int processor, CancellationToken token)
    {
        var folder = Directory.CreateTempSubdirectory("tdxverify-rival-").FullName;
        try
        {
            var pinned = rival with
            {
                CommandOf = (target, seed, own) => [.. Pin(processor), .. rival.CommandOf(target, seed, own)],
            };
            return RivalTrial.Run(pinned, campaign, plan.Target, plan.Limit, folder, token);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CampaignPlan OnOne(CampaignPlan campaign, int processor) => campaign with
    {
        Worker = campaign.Worker! with { Command = [.. Pin(processor), .. campaign.Worker.Command] },
    };

    private static string[] Pin(int processor) =>
        ["taskset", "--cpu-list", processor.ToString(CultureInfo.InvariantCulture)];

    private string TextOf(Mutant mutant) => mutant.Edit.ApplyTo(File.ReadAllText(
        Path.Combine(plan.Kernels.Values.First().Tree.Folder, mutant.Edit.File)));
}
