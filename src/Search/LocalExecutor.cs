// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search.Differences;
using TdxVerify.Search.Workers;

namespace TdxVerify.Search;

/// <summary>Runs cases in this process.</summary>
/// <param name="journal">Where a case is noted before it runs, in a worker process; or null.</param>
internal sealed class LocalExecutor(CampaignPlan plan, Journal? journal = null) : IExecutor
{
    private readonly ScenarioGenerator _generator = CampaignParts.Generator(plan);
    private readonly CaseJudge _judge = CampaignParts.Judge(plan);
    private readonly Scenario _scenario = new();
    private ulong? _firstDifference;

    public bool RunBatch(ulong first, ulong last, BatchResult result, CancellationToken token)
    {
        _firstDifference = null;
        for (var index = first; index < last && !result.IsStopped; index++)
        {
            if (token.IsCancellationRequested)
                return false;

            RunCase(index, result);
            result.IsStopped |= index - _firstDifference >= plan.CasesBehindDifference;
        }

        return true;
    }

    public Evaluation Evaluate(Scenario scenario, bool withReport = false)
    {
        journal?.BeginTrial();
        _judge.IsGuarded = true;
        _judge.Run(scenario);
        var evaluation = Evaluation.Of(_judge, withTrace: journal is not null);
        if (withReport)
            evaluation = evaluation with { Report = _judge.Report(CampaignParts.Messages(plan)) };

        journal?.End();
        return evaluation;
    }

    public void Dispose()
    {
        // It holds memory only.
    }

    private void RunCase(ulong index, BatchResult result)
    {
        journal?.Begin(index);
        var strategy = _generator.Fill(_scenario, plan.Seed, index);
        var violations = Judge(index, CampaignPlan.HasGuards(index));
        result.Coverage.Count(strategy, _judge.Facts);
        if (!_judge.IsGuarded && HasStopping(violations))
            NoteGuarded([.. violations], index, result);
        else
            Note(violations, result, null);

        if (_judge.Facts.Trace.Unknown is { } unknown)
            result.AddUnknown(1, unknown);

        result.Cases++;
        journal?.End();
    }

    private IReadOnlyList<Violation> Judge(ulong index, bool isGuarded)
    {
        _judge.IsGuarded = isGuarded;
        _judge.Run(_scenario);
        return _judge.Judge(index, CampaignPlan.HasMetamorphic(index));
    }

    /// <summary>What stops is reported as replay will show it: with guards. What doesn't happen twice is reported as
    /// it was.</summary>
    private void NoteGuarded(IReadOnlyList<Violation> before, ulong index, BatchResult result)
    {
        var trace = TraceLines();
        var violations = Judge(index, isGuarded: true);
        var isStopping = HasStopping(violations);
        Note(isStopping ? violations : before, result, isStopping ? null : trace);
    }

    /// <summary>The trace of the case that was run last, where it may be the only one of its kind.</summary>
    private IReadOnlyList<string>? TraceLines() => journal is null ? null : EventText.Lines(_judge.Facts.Trace);

    private void Note(IReadOnlyList<Violation> violations, BatchResult result, IReadOnlyList<string>? trace)
    {
        if (!plan.KeepsGoing && HasStopping(violations))
        {
            var gravest = Gravest(violations) with { Trace = trace ?? TraceLines() };
            result.Add(gravest);
            if (PropertyCatalog.Of(gravest) is DifferentialProperty)
                _firstDifference ??= gravest.Case;
            else
                result.IsStopped = true;

            return;
        }

        // Known issues are frequent: no enumerator, no closure.
        for (var i = 0; i < violations.Count; i++)
            result.Add(violations[i]);
    }

    private bool HasStopping(IReadOnlyList<Violation> violations)
    {
        for (var i = 0; i < violations.Count; i++)
        {
            if (plan.IsStoppedBy(violations[i]))
                return true;
        }

        return false;
    }

    /// <summary>One case often violates much at once: SAFETY is named before CONTRACT, that before AS-MERGED, and a
    /// bare difference last.</summary>
    private Violation Gravest(IReadOnlyList<Violation> violations)
    {
        var stopping = violations.Where(v => plan.IsStoppedBy(v))
            .OrderBy(static v => PropertyCatalog.Of(v) is DifferentialProperty)
            .ThenBy(static v => PropertyCatalog.Of(v).Class).ToList();
        return stopping[0] with { Also = [.. stopping.Skip(1).Select(static v => v.Property)] };
    }
}
