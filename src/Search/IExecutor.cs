// SPDX-License-Identifier: MIT

using TdxVerify.Search.Workers;

namespace TdxVerify.Search;

/// <summary>Runs cases of a plan, in this process or in one of its own; every thread of a campaign has one.</summary>
public interface IExecutor : IDisposable
{
    /// <summary>Runs cases [first, last) until one ends the campaign or somebody wants it to end; what was done is in
    /// the result either way.</summary>
    /// <param name="token">Ends the batch between two cases.</param>
    /// <returns>False when the token ended it.</returns>
    bool RunBatch(ulong first, ulong last, BatchResult result, CancellationToken token);

    /// <summary>Runs and judges a scenario that has no number: one of a shrinker, or of a file.</summary>
    /// <param name="withReport">What happened is told in words, too.</param>
    Evaluation Evaluate(Scenario scenario, bool withReport = false);

    static IExecutor Of(CampaignPlan plan) => plan.Worker is null ? new LocalExecutor(plan) : new WorkerExecutor(plan);
}
