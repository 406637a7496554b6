// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;

namespace TdxVerify.Search.Workers;

/// <summary>
/// Rows in a process of their own. When it is lost, the journal names the case; that case is tried alone, and the row is run
/// again without it: cases are pure functions of their numbers, so nothing that was found is lost.
/// </summary>
/// <param name="options">What is searched.</param>
internal sealed class WorkerRows(CampaignPlan options) : IRows
{
    /// <summary>How often a row is begun anew; a machine that kills every worker ends the search.</summary>
    private const int MaxLosses = 100;

    private WorkerProcess? _worker;

    /// <inheritdoc/>
    public bool Run(ulong first, ulong last, ChunkResult result, CancellationToken token)
    {
        var losses = 0;
        while (first < last)
        {
            // A row that is done before anybody looks at the token again would be followed by the next one, and so on.
            if (token.IsCancellationRequested)
            {
                return false;
            }

            _worker ??= new WorkerProcess(options);
            var reply = _worker.Ask(new Request(first, last, null), token);
            if (reply is not null)
            {
                Take(reply, result);
                return !reply.IsLeft;
            }

            if (token.IsCancellationRequested)
            {
                Drop();
                return false;
            }

            if (++losses > MaxLosses)
            {
                throw new WorkerFailedException($"workers are lost again and again: {_worker.End}");
            }

            var lostAt = _worker.LastCase;
            var how = _worker.End;
            var wasKilled = _worker.WasKilled;
            Drop();
            if (lostAt is not { } index || index < first || index >= last)
            {
                continue;
            }

            var found = Confirm(index, how, wasKilled);
            if (found is null)
            {
                continue;
            }

            // The cases before it are run again; they did not end the worker.
            if (index > first && !Run(first, index, result, token))
            {
                return false;
            }

            if (result.IsStopped)
            {
                return true;
            }

            result.Add(found.Value);
            result.Cases++;
            result.IsStopped = !options.KeepsGoing;
            if (result.IsStopped)
            {
                return true;
            }

            first = index + 1;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Drop();

    private static void Take(Reply reply, ChunkResult result)
    {
        result.Cases += reply.Cases;
        result.IsStopped |= reply.IsStopped;
        result.Coverage.Add(reply.Coverage);
        foreach (var found in reply.Found)
        {
            result.Add(found.ToFound());
        }
    }

    private void Drop()
    {
        _worker?.Dispose();
        _worker = null;
    }

    /// <summary>The case alone, in a fresh process: was it the case? SIGKILL comes from outside unless it comes again.</summary>
    private FoundBreach? Confirm(ulong index, string how, bool wasKilled)
    {
        var scenario = new Scenario();
        options.CreateGenerator().Fill(scenario, options.Seed, index);
        using var trial = new WorkerTrial(options);
        var again = trial.Try(scenario);
        var isSame = again.Breaches.Any(static b => b.Verdict.Got == (ulong)CrashKind.Lost && b.Property.Id == "K1");
        if (!isSame && wasKilled)
        {
            return null;
        }

        return new FoundBreach(index, WorkerTrial.Lost(how), []) { Trace = [$"its process was lost: {how}"] };
    }
}
