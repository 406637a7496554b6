// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>How fast one worker process is.</summary>
public sealed class WorkerRate : IDisposable
{
    private readonly WorkerProcess _worker;
    private ulong _next;

    public WorkerRate(CampaignPlan plan) => _worker = new WorkerProcess(plan with { KeepsGoing = true });

    /// <summary>Runs the next cases.</summary>
    /// <returns>Nanoseconds of the worker's processor time.</returns>
    public double Run(ulong cases)
    {
        var before = _worker.ProcessorTime;
        _ = _worker.Ask(new Request(_next, _next + cases, null), CancellationToken.None)
            ?? throw new WorkerFailedException(_worker.End);
        _next += cases;
        return (_worker.ProcessorTime - before).TotalNanoseconds;
    }

    public void Dispose() => _worker.Dispose();
}
