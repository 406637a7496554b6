// SPDX-License-Identifier: MIT

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Scenarios;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search.Workers;

/// <summary>The worker's side: a request a line on standard input, a reply a line on standard output. It ends when its parent is gone.</summary>
public sealed class WorkerServer : IDisposable
{
    private readonly BlockingCollection<Request> _requests = [];
    private readonly Action<string> _reply;
    private readonly CampaignPlan _options;
    private readonly Journal _journal;
    private CancellationTokenSource _row = new();

    private WorkerServer(WorkerSettings settings, TextWriter replies)
    {
        _reply = line =>
        {
            replies.WriteLine(line);
            replies.Flush();
        };
        _journal = new Journal(settings.Journal);
        _options = new CampaignPlan
        {
            Seed = settings.Seed,
            Strategy = Enum.Parse<Strategy>(settings.Strategy),
            KeepsGoing = settings.KeepsGoing,
            IsStrict = settings.IsStrict,
            PropertyCatalog = settings.PropertyCatalog,
            Origin = settings.Origin is { } text ? Read(text) : null,
            Kernel = KernelOf(settings.Kernel)! with { Against = KernelOf(settings.Against) },
        };
    }

    /// <summary>Works until the input ends.</summary>
    public static void Run(TextReader input, TextWriter output)
    {
        var settings = JsonSerializer.Deserialize<WorkerSettings>(input.ReadLine() ?? throw new InvalidDataException("a worker is started by a search only"))!;
        using var server = new WorkerServer(settings, output);
        new Thread(() => server.Listen(input)) { IsBackground = true }.Start();
        server.Serve();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _requests.Dispose();
        _journal.Dispose();
        _row.Dispose();
    }

    private static KernelUnderTest? KernelOf(KernelMessage? message) =>
        message is null ? null : new KernelUnderTest(message.Library, message.Name, message.Profile is { } name ? HostProfile.Find(name) : null) { Traits = message.Traits };

    private static Scenario Read(string text)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text));
        return LogReader.Read(stream, "scenario").Scenario;
    }

    /// <summary>Kernel code may never come back, so that the parent's end is noticed on a thread of its own.</summary>
    private void Listen(TextReader input)
    {
        while (input.ReadLine() is { } line)
        {
            var request = JsonSerializer.Deserialize<Request>(line)!;
            if (request.Scenario is null && request.First == request.Last)
            {
                Volatile.Read(ref _row).Cancel();
            }
            else
            {
                _requests.Add(request);
            }
        }

        _requests.CompleteAdding();
        if (_journal.Case is not null || _journal.IsTrying)
        {
            Process.GetCurrentProcess().Kill();
        }
    }

    private void Serve()
    {
        using var rows = new LocalRows(_options, _journal);
        var trial = new Lazy<CaseJudge>(_options.CreateJudge);
        foreach (var request in _requests.GetConsumingEnumerable())
        {
            Reply reply;
            try
            {
                reply = request.Scenario is { } text ? Try(trial.Value, Read(text)) : RunRow(rows, request);
            }
#pragma warning disable CA1031 // The parent tells its user.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                reply = new Reply(0, false, false, [], []) { Failure = $"{failure.GetType().Name}: {failure.Message}" };
            }

            _reply(JsonSerializer.Serialize(reply));
        }
    }

    private Reply RunRow(LocalRows rows, Request request)
    {
        var result = new ChunkResult();
        Interlocked.Exchange(ref _row, new CancellationTokenSource()).Dispose();
        var isLeft = !rows.Run(request.First, request.Last, result, _row.Token);
        return new Reply(result.Cases, result.IsStopped, isLeft, result.Coverage.ToNumbers(), [.. result.Found.Select(static f => BreachMessage.Of(f))]);
    }

    private Reply Try(CaseJudge judge, Scenario scenario)
    {
        _journal.BeginTrial();
        judge.Run(scenario);
        var breaches = judge.Judge(withMetamorphic: true).Select(static b => BreachMessage.Of(new FoundBreach(0, b, []))).ToList();
        _journal.End();
        var trace = judge.View.Trace;
        return new Reply(1, false, false, [], breaches)
        {
            Memory = [.. Evaluation.MemoryOf(trace).SelectMany(static r => new[] { r.Start, r.End })],
            Pamts = [.. Evaluation.PamtsOf(trace).SelectMany(static r => new[] { r.Start, r.End })],
            Trace = EventText.Lines(trace),
        };
    }
}
