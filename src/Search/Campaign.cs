// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Invariants;
using TdxVerify.Search.Coverage;
using TdxVerify.Search.Differences;

namespace TdxVerify.Search;

/// <summary>
/// Runs numbered cases on threads. Batches of cases are handed out in order and put together in order, so that the
/// result is that of one thread whatever their number: the lowest case that fails wins, and nothing behind it counts.
/// </summary>
public sealed class Campaign
{
    private const ulong BatchSize = 1024;

    private readonly CampaignPlan _plan;
    private readonly Action<Violation>? _onViolation;
    private readonly BatchResult _total = new();
    private readonly Dictionary<ulong, BatchResult> _waiting = [];
    private readonly Stack<BatchResult> _spare = [];
    private readonly Lock _lock = new();
    private ulong _nextBatch;
    private ulong _nextMerged;
    private ulong _end = ulong.MaxValue;
    private bool _isStopped;

    /// <summary>A campaign.</summary>
    /// <param name="onViolation">Hears of the first violation of every kind as soon as it is sure.</param>
    public Campaign(CampaignPlan plan, Action<Violation>? onViolation = null)
    {
        _plan = plan;
        _nextBatch = _nextMerged = plan.FirstCase / BatchSize;
        _onViolation = onViolation;
    }

    /// <summary>What ended a worker, or null; what was found until then counts.</summary>
    public Exception? Failure { get; private set; }

    public ulong Cases => _total.Cases;
    public CoverageCount Coverage => _total.Coverage;

    /// <summary>Cases that ended where nobody knows the answer, and what the first of them asked.</summary>
    public (ulong Cases, string? First) Unknown => (_total.UnknownCases, _total.FirstUnknown);

    /// <summary>The first violation of every kind, in the order of cases.</summary>
    public IReadOnlyList<Violation> Violations => _total.Violations;

    /// <summary>Runs until the cases are done, a violation stops it or the token is cancelled.</summary>
    /// <param name="onProgress">Hears now and then how many cases are done.</param>
    /// <param name="token">Ends it; what was done counts.</param>
    public void Run(Action<ulong>? onProgress, CancellationToken token)
    {
        var threads = new List<Thread>();
        for (var i = 1; i < _plan.Workers; i++)
        {
            var thread = new Thread(() => Work(null, token));
            threads.Add(thread);
            thread.Start();
        }

        Work(onProgress, token);
        threads.ForEach(static t => t.Join());
        if (!_total.IsStopped)
            TakeLeftovers();
    }

    /// <summary>A search that was ended from outside leaves batches that wait for one before them: what they found is
    /// not lost.</summary>
    private void TakeLeftovers()
    {
        foreach (var batch in _waiting.Keys.Order().ToList())
            TakeOver(_waiting[batch]);
    }

    private void Work(Action<ulong>? onProgress, CancellationToken token)
    {
        try
        {
            using var executor = IExecutor.Of(_plan);
            while (TryTake(out var batch, out var result))
            {
                var isLeft = true;
                try
                {
                    isLeft = !executor.RunBatch(
                        Math.Max(batch * BatchSize, _plan.FirstCase),
                        Math.Min((batch + 1) * BatchSize, _plan.Cases),
                        result,
                        token);
                }
                finally
                {
                    // What the batch found before the case that the harness fails on is not lost.
                    if (isLeft)
                        Leave(batch, result);
                }

                if (isLeft)
                    return;

                Merge(batch, result);
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

    private bool TryTake(out ulong batch, out BatchResult result)
    {
        lock (_lock)
        {
            batch = _nextBatch;
            result = null!;
            if (_isStopped || batch * BatchSize >= _plan.Cases)
                return false;

            _nextBatch++;
            result = _spare.TryPop(out var spare) ? spare : new BatchResult();
            result.Clear();
            return true;
        }
    }

    private void Merge(ulong batch, BatchResult result)
    {
        lock (_lock)
        {
            _waiting.Add(batch, result);
            while (!_total.IsStopped && _waiting.Remove(_nextMerged, out var next))
            {
                _nextMerged++;
                TakeOver(next);
                _total.IsStopped = next.IsStopped || _nextMerged * BatchSize >= _end;
                _isStopped |= _total.IsStopped;
                _spare.Push(next);
            }
        }
    }

    private void TakeOver(BatchResult next)
    {
        _total.Cases += next.Cases;
        _total.Coverage.Add(next.Coverage);
        _total.AddUnknown(next.UnknownCases, next.FirstUnknown);
        foreach (var violation in next.Violations)
        {
            if (_total.Add(violation))
            {
                if (PropertyCatalog.Of(violation) is DifferentialProperty && !_plan.KeepsGoing)
                    _end = violation.Case + (JudgesOnlyDifferences() ? 0 : _plan.CasesBehindDifference);

                _onViolation?.Invoke(violation);
            }
        }
    }

    /// <summary>Then no case behind a difference can name what is wrong.</summary>
    private bool JudgesOnlyDifferences() =>
        _plan.Properties.Count > 0
            && _plan.Properties.All(static id => PropertyCatalog.Find(id) is DifferentialProperty or KernelInvariant);

    private void Leave(ulong batch, BatchResult result)
    {
        lock (_lock)
        {
            _waiting.Add(batch, result);
        }
    }
}
