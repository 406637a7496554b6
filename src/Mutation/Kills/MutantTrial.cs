// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Differences;
using TdxVerify.Search.Workers;

namespace TdxVerify.Mutation.Kills;

/// <summary>One search of a mutant that is compiled.</summary>
internal static class MutantTrial
{
    /// <summary>Searches until something is violated that is not known.</summary>
    /// <param name="limit">How long, at most.</param>
    /// <exception cref="WorkerFailedException">The harness itself failed.</exception>
    public static Kill Run(CampaignPlan plan, TimeSpan? limit, bool shrinks, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        if (limit is { } most)
            deadline.CancelAfter(most);

        var seconds = 0.0;
        var first = 0UL;
        var campaign = new Campaign(plan, violation =>
        {
            if (seconds == 0 && plan.IsStoppedBy(violation))
                (seconds, first) = (clock.Elapsed.TotalSeconds, violation.Case);
        });
        campaign.Run(null, deadline.Token);
        if (campaign.Failure is { } failure)
            throw failure as WorkerFailedException ?? new WorkerFailedException(failure.ToString(), failure);

        var found = campaign.Violations.Where(v => plan.IsStoppedBy(v))
            .OrderBy(static v => PropertyCatalog.Of(v) is DifferentialProperty).ToList();
        if (found.Count == 0)
            return new Kill(null, [], campaign.Cases, clock.Elapsed.TotalSeconds);

        var also = found.SelectMany(static v => (v.Also ?? []).Prepend(v.Property)).Distinct().ToList();
        var cases = first + 1 - plan.FirstCase;
        return new Kill(found[0].Property, [.. also.Where(p => p != found[0].Property)], cases, seconds)
        {
            Size = shrinks ? SizeOf(plan, found[0]) : null,
        };
    }

    private static (int Steps, int Lines) SizeOf(CampaignPlan plan, Violation violation)
    {
        var smallest = new FindingShrinker(plan).Shrink(violation).Scenario;
        return (smallest.Steps.Count, ScenarioWriter.Write(smallest).Count(static c => c == '\n'));
    }
}
