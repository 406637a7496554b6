// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Relations;
using TdxVerify.Properties.Views;
using TdxVerify.Search.Knowns;
using TdxVerify.Subjects;

namespace TdxVerify.Search;

/// <summary>A statement that a case broke.</summary>
/// <param name="Statement">The statement.</param>
/// <param name="Verdict">The evidence.</param>
/// <param name="Known">What it is known as, or null.</param>
public readonly record struct Breach(Statement Statement, Verdict Verdict, KnownFinding? Known);

/// <summary>Runs scenarios on the reference by some rules and judges them. One thread uses it; its memory is used again.</summary>
public sealed class CaseJudge
{
    private readonly ReferenceSubject _subject;
    private readonly Lazy<ReferenceSubject> _second;
    private readonly Scenario _changed = new();
    private readonly CaseView _changedView = new();
    private readonly Invariant[] _invariants;
    private readonly Relation[] _relations;
    private readonly List<Breach> _breaches = [];
    private readonly bool _isMerged;

    /// <summary>A judge.</summary>
    /// <param name="rules">What the host code does.</param>
    /// <param name="isMerged">AS-MERGED invariants apply.</param>
    /// <param name="isJudged">Which statements are judged; null: all.</param>
    public CaseJudge(HostRules rules, bool isMerged = true, Func<string, bool>? isJudged = null)
    {
        _subject = new ReferenceSubject(rules, ReferenceSubject.ReloadedModule());
        _second = new Lazy<ReferenceSubject>(() => new ReferenceSubject(rules, ReferenceSubject.ReloadedModule()));
        _isMerged = isMerged;
        _invariants = [.. Statements.Invariants().Where(i => isJudged is null ? i.Id != Canary.Invariant.Id : isJudged(i.Id))];
        _relations = [.. RelationCatalog.All.Where(r => isJudged is null || isJudged(r.Id))];
    }

    /// <summary>The case that was judged last.</summary>
    public CaseView View { get; } = new();

    /// <summary>Runs a scenario.</summary>
    public void Run(Scenario scenario) => View.Load(scenario, _subject.Run(scenario).Trace, _isMerged);

    /// <summary>Judges the case that was run last.</summary>
    /// <param name="withRelations">Runs changed scenarios too.</param>
    /// <returns>What is broken, in the order of SPECIFICATION.md; good until the next call.</returns>
    public IReadOnlyList<Breach> Judge(bool withRelations)
    {
        _breaches.Clear();
        foreach (var invariant in _invariants)
        {
            var verdict = invariant.On(View);
            if (verdict.IsBroken)
            {
                _breaches.Add(new Breach(invariant, verdict, KnownAs(invariant.Id, verdict)));
            }
        }

        for (var i = 0; withRelations && !View.Trace.IsEndless && i < _relations.Length; i++)
        {
            JudgeRelation(_relations[i]);
        }

        return _breaches;
    }

    private void JudgeRelation(Relation relation)
    {
        _changed.CopyFrom(View.Scenario);
        if (!relation.Change(_changed))
        {
            return;
        }

        _changedView.Load(_changed, _second.Value.Run(_changed).Trace, _isMerged);
        var verdict = relation.Judge(View, _changedView);
        if (verdict.IsBroken)
        {
            _breaches.Add(new Breach(relation, verdict, KnownAs(relation.Id, verdict)));
        }
    }

    private KnownFinding? KnownAs(string id, Verdict verdict)
    {
        var all = KnownCatalog.All;
        for (var i = 0; i < all.Count; i++)
        {
            var known = all[i];
            if (known.Invariant == id && known.Matches(View, verdict))
            {
                return known;
            }
        }

        return null;
    }
}
