// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Properties.Generation;
using TdxVerify.Search.Differences;
using TdxVerify.Search.Workers;

namespace TdxVerify.Search;

/// <summary>Rows in this process.</summary>
/// <param name="options">What is searched.</param>
/// <param name="journal">Where the case is noted before it runs, or null.</param>
internal sealed class LocalRows(CampaignPlan options, Journal? journal = null) : IRows
{
    private readonly ScenarioGenerator _filler = options.CreateGenerator();
    private readonly CaseJudge _judge = options.CreateJudge();
    private readonly Scenario _scenario = new();

    /// <inheritdoc/>
    public bool Run(ulong first, ulong last, ChunkResult result, CancellationToken token)
    {
        for (var index = first; index < last && !result.IsStopped; index++)
        {
            if (token.IsCancellationRequested)
            {
                return false;
            }

            RunCase(index, result);
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // A judge holds memory only.
    }

    private void RunCase(ulong index, ChunkResult result)
    {
        journal?.Begin(index);
        var mood = _filler.Fill(_scenario, options.Seed, index);
        _judge.IsGuarded = Campaign.HasGuards(index);
        _judge.Run(_scenario);
        result.Coverage.Count(mood, _judge.View);
        var breaches = _judge.Judge(Campaign.HasMetamorphic(index));
        if (!Campaign.HasGuards(index) && breaches.Count > 0 && HasStopping(breaches))
        {
            NoteGuarded([.. breaches], index, result);
        }
        else
        {
            Note(breaches, index, result, null);
        }

        result.Cases++;
        journal?.End();
    }

    /// <summary>What stops is reported as replay will show it: with guards. What doesn't happen twice is reported as it was.</summary>
    private void NoteGuarded(IReadOnlyList<Breach> before, ulong index, ChunkResult result)
    {
        var trace = TraceLines();
        _judge.IsGuarded = true;
        _judge.Run(_scenario);
        var breaches = _judge.Judge(Campaign.HasMetamorphic(index));
        var isStopping = HasStopping(breaches);
        Note(isStopping ? breaches : before, index, result, isStopping ? null : trace);
    }

    /// <summary>The trace of the case that was run last, where it may be the only one of its kind.</summary>
    private IReadOnlyList<string> TraceLines() => journal is null ? [] : EventText.Lines(_judge.View.Trace);

    private void Note(IReadOnlyList<Breach> breaches, ulong index, ChunkResult result, IReadOnlyList<string>? trace)
    {
        if (breaches.Count == 0)
        {
            return;
        }

        if (!options.KeepsGoing && HasStopping(breaches))
        {
            var found = Gravest(breaches, index, options) with { Trace = trace ?? TraceLines() };
            result.Add(found);
            result.IsStopped = found.Breach.Property is not Agreement;
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
            if (Campaign.Stops(breaches[i], options))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>One case often breaks much at once: SAFETY is named before CONTRACT, that before AS-MERGED, and a bare difference last.</summary>
    private static FoundBreach Gravest(IReadOnlyList<Breach> breaches, ulong index, CampaignPlan options)
    {
        var stopping = breaches.Where(b => Campaign.Stops(b, options))
            .OrderBy(static b => b.Property is Agreement).ThenBy(static b => b.Property.Class).ToList();
        return new FoundBreach(index, stopping[0], [.. stopping.Skip(1).Select(static b => b.Property.Id)]);
    }
}
