// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using TdxVerify.Scenarios;

namespace TdxVerify.Search.Workers;

/// <summary>The worker's side: a request a line on standard input, a reply a line on standard output. It ends when its
/// parent is gone.</summary>
public sealed class WorkerServer : IDisposable
{
    private readonly BlockingCollection<Request> _requests = [];
    private readonly Action<string> _reply;
    private readonly CampaignPlan _plan;
    private readonly Journal _journal;
    private CancellationTokenSource _batch = new();

    private WorkerServer(WorkerStart start, TextWriter replies)
    {
        _reply = line =>
        {
            replies.WriteLine(line);
            replies.Flush();
        };
        _journal = new Journal(start.Journal);
        _plan = start.Plan;
    }

    /// <summary>Works until the input ends.</summary>
    public static void Run(TextReader input, TextWriter output)
    {
        var line = input.ReadLine() ?? throw new InvalidDataException("a worker is started by a campaign only");
        using var server = new WorkerServer(JsonSerializer.Deserialize<WorkerStart>(line)!, output);
        new Thread(() => server.Listen(input)) { IsBackground = true }.Start();
        server.Serve();
    }

    public void Dispose()
    {
        _requests.Dispose();
        _journal.Dispose();
        _batch.Dispose();
    }

    /// <summary>Kernel code may never come back, so that the parent's end is noticed on a thread of its own.</summary>
    private void Listen(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            var request = JsonSerializer.Deserialize<Request>(line)!;
            if (request.Scenario is null && request.First == request.Last)
                Volatile.Read(ref _batch).Cancel();
            else
                _requests.Add(request);
        }

        _requests.CompleteAdding();
        if (_journal.Case is not null || _journal.IsTrying)
            Process.GetCurrentProcess().Kill();
    }

    private void Serve()
    {
        // Scenarios that are evaluated alone share no memory with numbered cases.
        using var cases = new LocalExecutor(_plan, _journal);
        var alone = new Lazy<LocalExecutor>(() => new LocalExecutor(_plan, _journal));
        foreach (var request in _requests.GetConsumingEnumerable())
        {
            Reply reply;
            try
            {
                reply = request.Scenario is { } text
                    ? new Reply { Evaluation = alone.Value.Evaluate(ScenarioText.Read(text), request.WithReport) }
                    : RunBatch(cases, request);
            }
#pragma warning disable CA1031 // The parent tells its user.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                reply = new Reply { Failure = $"{failure.GetType().Name}: {failure.Message}" };
            }

            _reply(JsonSerializer.Serialize(reply));
        }
    }

    private Reply RunBatch(LocalExecutor executor, Request request)
    {
        var result = new BatchResult();
        Interlocked.Exchange(ref _batch, new CancellationTokenSource()).Dispose();
        var isLeft = !executor.RunBatch(request.First, request.Last, result, _batch.Token);
        return new Reply
        {
            Cases = result.Cases,
            IsStopped = result.IsStopped,
            IsLeft = isLeft,
            Coverage = result.Coverage.ToNumbers(),
            UnknownCases = result.UnknownCases,
            FirstUnknown = result.FirstUnknown,
            Violations = result.Violations,
        };
    }
}
