// SPDX-License-Identifier: MIT

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using TdxVerify.KernelTrees;
using TdxVerify.Mutation.Kills;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search;
using TdxVerify.Search.Workers;

namespace TdxVerify.Mutation.Rivals;

/// <summary>One search of a mutant by a rival.</summary>
internal static class RivalTrial
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs it until something is violated or the time is over.</summary>
    /// <param name="target">The command that is a <see cref="Target"/>, without its plan.</param>
    /// <param name="folder">An empty one.</param>
    /// <exception cref="WorkerFailedException">It can't be run, or printed what is no scenario.</exception>
    public static Kill Run(
        Rival rival, CampaignPlan plan, IReadOnlyList<string> target, TimeSpan limit, string folder,
        CancellationToken token)
    {
        var told = new TargetPlan(
            plan with { Worker = null }, Path.Combine(folder, "journal"), Path.Combine(folder, "hit"));
        var planFile = Path.Combine(folder, "plan");
        File.WriteAllText(planFile, JsonSerializer.Serialize(told));
        using var journal = new Journal(told.Journal);
        var command = rival.CommandOf([.. target, planFile], plan.Seed, folder);
        var clock = Stopwatch.StartNew();
        using var child = ChildProcess.Start(command[0], command.Skip(1), token);
        var ended = Task.Run(child.ReadOutput, CancellationToken.None);
        while (clock.Elapsed < limit && !token.IsCancellationRequested && !File.Exists(told.Hit) && !ended.IsCompleted)
            ended.Wait(Moment, CancellationToken.None);

        var seconds = clock.Elapsed.TotalSeconds;
        var hasEnded = ended.IsCompleted;
        if (!hasEnded)
            child.Kill();

        ended.Wait(CancellationToken.None);
        token.ThrowIfCancellationRequested();

        // A case is noted when it begins and when it ends.
        var cases = (journal.Heartbeat + 1) / 2;
        if (File.Exists(told.Hit))
        {
            var violation = JsonSerializer.Deserialize<Violation>(File.ReadAllText(told.Hit));
            return new Kill(violation.Property, [], cases, seconds);
        }

        // A target that is gone amid a case is a kill, as a lost worker is.
        if (hasEnded && journal.Case is not null)
            return new Kill(KernelInvariants.Returns.Id, [], cases, seconds);

        // Whoever has no more cases has not killed; whoever can't be read or run has failed.
        return !hasEnded || (child.End() is { ExitCode: 0 } && cases > 0)
            ? new Kill(null, [], cases, seconds)
            : throw new WorkerFailedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{rival.Name} failed at case {cases + 1}: {FirstLine(child.End().Errors)}"));
    }

    private static string FirstLine(string errors) => errors.TrimStart().Split('\n')[0];
}
