// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Properties.Generation;
using TdxVerify.Search.Coverage;

namespace TdxVerify.Search;

/// <summary>
/// Runs numbered cases on threads. Rows of cases are handed out in order and put together in order, so that the result is
/// that of one thread whatever their number: the lowest case that fails wins, and nothing behind it counts.
/// </summary>
public sealed class Sweep
{
    private const ulong ChunkSize = 1024;
    private const ulong RelationMask = 7;

    private readonly SweepOptions _options;
    private readonly Action<FoundBreach>? _onFound;
    private readonly ChunkResult _total = new();
    private readonly Dictionary<ulong, ChunkResult> _waiting = [];
    private readonly Stack<ChunkResult> _spare = [];
    private readonly Lock _lock = new();
    private ulong _nextChunk;
    private ulong _nextMerged;
    private bool _isStopped;

    /// <summary>A sweep.</summary>
    /// <param name="options">What is searched.</param>
    /// <param name="onFound">Hears of the first breach of every kind as soon as it is sure.</param>
    public Sweep(SweepOptions options, Action<FoundBreach>? onFound = null)
    {
        _options = options;
        _onFound = onFound;
    }

    /// <summary>What ended a worker, or null; what was found until then counts.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Cases that count.</summary>
    public ulong Cases => _total.Cases;

    /// <summary>Their classes.</summary>
    public CoverageCount Coverage => _total.Coverage;

    /// <summary>The first breach of every kind, in the order of cases.</summary>
    public IReadOnlyList<FoundBreach> Found => _total.Found;

    /// <summary>True when a case takes part in relations, which cost a run each.</summary>
    public static bool HasRelations(ulong index) => (index & RelationMask) == 0;

    /// <summary>True when a breach ends a search that doesn't keep going.</summary>
    public static bool Stops(in Breach breach, SweepOptions options) => breach.Known is null || options.IsStrict;

    /// <summary>Runs until the cases are done, a breach stops it or the token is cancelled.</summary>
    /// <param name="onProgress">Hears now and then how many cases are done.</param>
    /// <param name="token">Ends it; what was done counts.</param>
    public void Run(Action<ulong>? onProgress, CancellationToken token)
    {
        var threads = new List<Thread>();
        for (var i = 1; i < _options.Workers; i++)
        {
            var thread = new Thread(() => Work(null, token));
            threads.Add(thread);
            thread.Start();
        }

        Work(onProgress, token);
        threads.ForEach(static t => t.Join());
        if (!_total.IsStopped)
        {
            TakeLeftovers();
        }
    }

    /// <summary>A search that was ended from outside leaves rows that wait for one before them: what they found is not lost.</summary>
    private void TakeLeftovers()
    {
        foreach (var chunk in _waiting.Keys.Order().ToList())
        {
            TakeOver(_waiting[chunk]);
        }
    }

    private void Work(Action<ulong>? onProgress, CancellationToken token)
    {
        try
        {
            var filler = _options.CreateFiller();
            var judge = _options.CreateJudge();
            var scenario = new Scenario();
            while (TryTake(out var chunk, out var result))
            {
                var last = Math.Min((chunk + 1) * ChunkSize, _options.Cases);
                for (var index = chunk * ChunkSize; index < last && !result.IsStopped; index++)
                {
                    if (token.IsCancellationRequested)
                    {
                        Leave(chunk, result);
                        return;
                    }

                    RunCase(index, filler, judge, scenario, result);
                }

                Merge(chunk, result);
                onProgress?.Invoke(Cases);
            }
        }
#pragma warning disable CA1031 // A worker's failure is raised again by the thread that started it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            lock (_lock)
            {
                Failure ??= failure;
                _isStopped = true;
            }
        }
    }

    private void RunCase(ulong index, ScenarioFiller filler, CaseJudge judge, Scenario scenario, ChunkResult result)
    {
        try
        {
            var mood = filler.Fill(scenario, _options.Seed, index);
            judge.Run(scenario);
            result.Coverage.Count(mood, judge.View);
            Note(judge.Judge(HasRelations(index)), index, result);
            result.Cases++;
        }
        catch
        {
            // What the row found before the case that the harness fails on is not lost.
            Leave(index / ChunkSize, result);
            throw;
        }
    }

    private void Note(IReadOnlyList<Breach> breaches, ulong index, ChunkResult result)
    {
        if (breaches.Count == 0)
        {
            return;
        }

        if (!_options.KeepsGoing && HasStopping(breaches))
        {
            result.Add(Gravest(breaches, index, _options));
            result.IsStopped = true;
            return;
        }

        // Known breaches are frequent: no enumerator, no closure.
        for (var i = 0; i < breaches.Count; i++)
        {
            result.Add(new FoundBreach(index, breaches[i], []));
        }
    }

    private bool HasStopping(IReadOnlyList<Breach> breaches)
    {
        for (var i = 0; i < breaches.Count; i++)
        {
            if (Stops(breaches[i], _options))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One case often breaks much at once: SAFETY is named before CONTRACT, and that before AS-MERGED.</summary>
    private static FoundBreach Gravest(IReadOnlyList<Breach> breaches, ulong index, SweepOptions options)
    {
        var stopping = breaches.Where(b => Stops(b, options)).OrderBy(static b => b.Statement.Class).ToList();
        return new FoundBreach(index, stopping[0], [.. stopping.Skip(1).Select(static b => b.Statement.Id)]);
    }

    private bool TryTake(out ulong chunk, out ChunkResult result)
    {
        lock (_lock)
        {
            chunk = _nextChunk;
            result = null!;
            if (_isStopped || chunk * ChunkSize >= _options.Cases)
            {
                return false;
            }

            _nextChunk++;
            result = _spare.TryPop(out var spare) ? spare : new ChunkResult();
            result.Clear();
            return true;
        }
    }

    private void Merge(ulong chunk, ChunkResult result)
    {
        lock (_lock)
        {
            _waiting.Add(chunk, result);
            while (!_total.IsStopped && _waiting.Remove(_nextMerged, out var next))
            {
                _nextMerged++;
                TakeOver(next);
                _total.IsStopped = next.IsStopped;
                _isStopped |= next.IsStopped;
                _spare.Push(next);
            }
        }
    }

    private void TakeOver(ChunkResult next)
    {
        _total.Cases += next.Cases;
        _total.Coverage.Add(next.Coverage);
        foreach (var found in next.Found)
        {
            if (_total.Add(found))
            {
                _onFound?.Invoke(found);
            }
        }
    }

    /// <summary>A row that is not done.</summary>
    private void Leave(ulong chunk, ChunkResult result)
    {
        lock (_lock)
        {
            _waiting.Add(chunk, result);
        }
    }
}
