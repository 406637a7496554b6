// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Scenarios;

namespace TdxVerify.Search.Workers;

/// <summary>
/// Runs cases in a process of their own. When it is lost, the journal names the case; that case is evaluated alone,
/// and the batch is run again without it: cases are pure functions of their numbers, so nothing that was found is
/// lost.
/// </summary>
/// <param name="plan">What is searched.</param>
internal sealed class WorkerExecutor(CampaignPlan plan) : IExecutor
{
    /// <summary>How often a batch or a scenario is begun anew; a machine that kills every worker ends the
    /// campaign.</summary>
    private const int MaxLosses = 100;
    /// <summary>SIGKILL comes from outside, an OOM killer's say: only so many in a row, each amid the scenario, are
    /// the scenario's own.</summary>
    private const int KillsThatCount = 20;

    private WorkerProcess? _worker;

    public bool RunBatch(ulong first, ulong last, BatchResult result, CancellationToken token)
    {
        var losses = 0;
        while (first < last)
        {
            // A batch that is done before anybody looks at the token again would be followed by the next one, and so
            // on.
            if (token.IsCancellationRequested)
                return false;

            _worker ??= new WorkerProcess(plan);
            var reply = _worker.Ask(new Request(first, last, null), token);
            if (reply is not null)
            {
                Take(reply, result);
                return !reply.IsLeft;
            }

            var (lostAt, how, wasKilled, hung) = (_worker.LastCase, _worker.End, _worker.WasKilled, _worker.HasHung);
            Drop();
            if (token.IsCancellationRequested)
            {
                // Whatever else the end of a search does to its workers, it makes none of them hang.
                if (hung && lostAt is { } endless)
                    Add(endless, how, result);

                return false;
            }

            if (++losses > MaxLosses)
                throw new WorkerFailedException($"workers are lost again and again: {how}");

            if (lostAt is not { } index || index < first || index >= last || !IsToBlame(index, wasKilled))
                continue;

            // The cases before it are run again; they did not end the worker.
            if (index > first && !RunBatch(first, index, result, token))
                return false;

            if (result.IsStopped)
                return true;

            Add(index, how, result);
            if (result.IsStopped)
                return true;

            first = index + 1;
        }

        return true;
    }

    public Evaluation Evaluate(Scenario scenario, bool withReport = false)
    {
        var text = ScenarioWriter.Write(scenario);
        var kills = 0;
        for (var losses = 0; losses < MaxLosses; losses++)
        {
            _worker ??= new WorkerProcess(plan);
            var reply = _worker.Ask(new Request(0, 0, text, withReport), CancellationToken.None);
            if (reply is { Evaluation: { } evaluation })
                return evaluation;

            var (how, isAmid, wasKilled, hung) =
                (_worker.End, _worker.WasTrying, _worker.WasKilled, _worker.HasHung);
            Drop();
            kills += isAmid && wasKilled ? 1 : 0;
            if (isAmid && (!wasKilled || kills == KillsThatCount))
                return new Evaluation([Lost(0, how)], [], [], []) { HasHung = hung };
        }

        throw new WorkerFailedException("workers are lost again and again before they evaluate a scenario");
    }

    public void Dispose() => Drop();

    /// <summary>The violation of a case that its process did not survive.</summary>
    private static Violation Lost(ulong index, string how) =>
        new(index, KernelInvariants.Returns.Id, new Verdict(VerdictKind.Broken, Got: (ulong)CrashKind.Lost), null,
            how);

    private static void Take(Reply reply, BatchResult result)
    {
        result.Cases += reply.Cases;
        result.IsStopped |= reply.IsStopped;
        result.Coverage.Add(reply.Coverage);
        result.AddUnknown(reply.UnknownCases, reply.FirstUnknown);
        foreach (var violation in reply.Violations)
            result.Add(violation);
    }

    private void Add(ulong index, string how, BatchResult result)
    {
        result.Add(Lost(index, how) with { Trace = [$"its process was lost: {how}"] });
        result.Cases++;
        result.IsStopped = !plan.KeepsGoing;
    }

    private void Drop()
    {
        _worker?.Dispose();
        _worker = null;
    }

    /// <summary>SIGKILL comes from outside, unless it comes again when the case is alone in a fresh process.</summary>
    private bool IsToBlame(ulong index, bool wasKilled)
    {
        if (!wasKilled)
            return true;

        using var alone = new WorkerExecutor(plan);
        var again = alone.Evaluate(CampaignParts.Case(plan, index));
        return again.Violations.Any(static v =>
            v.Verdict.Got == (ulong)CrashKind.Lost && v.Property == KernelInvariants.Returns.Id);
    }
}
