// SPDX-License-Identifier: MIT

using TdxVerify.Search.Coverage;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search;

/// <summary>
/// Runs numbered cases on threads. Rows of cases are handed out in order and put together in order, so that the result is
/// that of one thread whatever their number: the lowest case that fails wins, and nothing behind it counts.
/// </summary>
public sealed class Campaign
{
    private const ulong ChunkSize = 1024;
    private const ulong MetamorphicMask = 7;
    private const ulong GuardMask = 15;

    /// <summary>Cases that are still run behind a bare difference: one of them may break a statement that says what is wrong.</summary>
    private const ulong CasesBehindDifference = 1 << 16;

    private readonly CampaignPlan _options;
    private readonly Action<FoundBreach>? _onFound;
    private readonly ChunkResult _total = new();
    private readonly Dictionary<ulong, ChunkResult> _waiting = [];
    private readonly Stack<ChunkResult> _spare = [];
    private readonly Lock _lock = new();
    private ulong _nextChunk;
    private ulong _nextMerged;
    private ulong _end = ulong.MaxValue;
    private bool _isStopped;

    /// <summary>A sweep.</summary>
    /// <param name="options">What is searched.</param>
    /// <param name="onFound">Hears of the first breach of every kind as soon as it is sure.</param>
    public Campaign(CampaignPlan options, Action<FoundBreach>? onFound = null)
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
    public static bool HasMetamorphic(ulong index) => (index & MetamorphicMask) == 0;

    /// <summary>One case of so many is watched by guards that cost system calls.</summary>
    public const int GuardedShare = (int)GuardMask + 1;

    /// <summary>True when a case is watched by guards that cost system calls; so is every case that is tried alone.</summary>
    public static bool HasGuards(ulong index) => (index & GuardMask) == GuardMask;

    /// <summary>True when a breach ends a search that doesn't keep going.</summary>
    public static bool Stops(in Breach breach, CampaignPlan options) => breach.Known is null || options.IsStrict;

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
            using var rows = _options.CreateRows();
            while (TryTake(out var chunk, out var result))
            {
                var isLeft = true;
                try
                {
                    isLeft = !rows.Run(chunk * ChunkSize, Math.Min((chunk + 1) * ChunkSize, _options.Cases), result, token);
                }
                finally
                {
                    // What the row found before the case that the harness fails on is not lost.
                    if (isLeft)
                    {
                        Leave(chunk, result);
                    }
                }

                if (isLeft)
                {
                    return;
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
                _total.IsStopped = next.IsStopped || _nextMerged * ChunkSize >= _end;
                _isStopped |= _total.IsStopped;
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
                if (found.Breach.Property is Agreement && !_options.KeepsGoing)
                {
                    _end = found.Case + (_options.PropertyCatalog.All(static id => id[0] == 'K') && _options.PropertyCatalog.Count > 0 ? 0 : CasesBehindDifference);
                }

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
