// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Metamorphic;
using TdxVerify.Properties.Facts;
using TdxVerify.Search.Differences;
using TdxVerify.Search.KnownIssues;
using TdxVerify.Subjects;

namespace TdxVerify.Search;

/// <summary>Runs scenarios on a subject and judges them. One thread uses it; its memory is used again.</summary>
public sealed class CaseJudge
{
    private readonly SubjectDriver _subject;
    private readonly Lazy<SubjectDriver> _second;
    private readonly SubjectDriver? _other;
    private readonly Agreement? _agreement;
    private readonly Scenario _changed = new();
    private readonly CaseFacts _changedView = new();
    private readonly InvariantSet _invariants;
    private readonly List<(Invariant Invariant, Verdict Verdict)> _violated = [];
    private readonly MetamorphicProperty[] _relations;
    private readonly List<Breach> _breaches = [];
    private readonly MergedChoices _choices;

    /// <summary>A judge of the reference by some rules.</summary>
    /// <param name="rules">What the host code does.</param>
    /// <param name="choices">What it decides as the merged code does.</param>
    /// <param name="isJudged">Which statements are judged; null: all.</param>
    public CaseJudge(HostRules rules, MergedChoices choices = MergedChoices.All, Func<string, bool>? isJudged = null)
        : this(() => new ModelHost(rules, Modules.Reloaded()), choices, isJudged)
    {
    }

    /// <summary>A judge of any subject.</summary>
    /// <param name="create">Makes the subject.</param>
    /// <param name="choices">What it decides as the merged code does.</param>
    /// <param name="isJudged">Which statements are judged; null: all.</param>
    /// <param name="other">The subject that must do the same, or null.</param>
    /// <param name="agreement">The statement that says so.</param>
    public CaseJudge(Func<IHost> create, MergedChoices choices, Func<string, bool>? isJudged, IHost? other = null, Agreement? agreement = null)
    {
        _subject = new SubjectDriver(create());
        _second = new Lazy<SubjectDriver>(() => new SubjectDriver(create()));
        _choices = choices;
        _invariants = new InvariantSet(
            PropertyCatalog.Invariants().Where(i => isJudged is null ? i.Id != Canary.Invariant.Id : isJudged(i.Id)));
        _relations = [.. MetamorphicCatalog.All.Where(r => isJudged is null || isJudged(r.Id))];
        if (other is not null && agreement is not null && (isJudged is null || isJudged(agreement.Id)))
        {
            _other = new SubjectDriver(other);
            _agreement = agreement;
        }
    }

    /// <summary>The case that was judged last.</summary>
    public CaseFacts View { get; } = new();

    /// <summary>Its subjects watch what costs system calls to watch.</summary>
    public bool IsGuarded { get; set; } = true;

    /// <summary>Runs a scenario.</summary>
    public void Run(Scenario scenario) => View.Load(scenario, Run(_subject, scenario), _choices);

    /// <summary>Judges the case that was run last.</summary>
    /// <param name="withMetamorphic">Runs changed scenarios too.</param>
    /// <returns>What is broken, in the order of SPECIFICATION.md; good until the next call.</returns>
    public IReadOnlyList<Breach> Judge(bool withMetamorphic)
    {
        _breaches.Clear();
        _violated.Clear();
        _invariants.Judge(View, _violated);
        foreach (var (invariant, verdict) in _violated)
        {
            _breaches.Add(new Breach(invariant, verdict, KnownAs(invariant.Id, verdict), DetailOf(invariant.Id)));
        }

        JudgeAgreement();
        for (var i = 0; withMetamorphic && !View.Trace.IsEndless && !View.Trace.HasCrashed && i < _relations.Length; i++)
        {
            JudgeMetamorphic(_relations[i]);
        }

        return _breaches;
    }

    private Trace Run(SubjectDriver subject, Scenario scenario)
    {
        subject.Host.IsGuarded = IsGuarded;
        return subject.Run(scenario);
    }

    private void JudgeMetamorphic(MetamorphicProperty relation)
    {
        _changed.CopyFrom(View.Scenario);
        if (!relation.Change(_changed))
        {
            return;
        }

        _changedView.Load(_changed, Run(_second.Value, _changed), _choices);
        var verdict = relation.Judge(View, _changedView);
        if (verdict.IsBroken)
        {
            _breaches.Add(new Breach(relation, verdict, KnownAs(relation.Id, verdict)));
        }
    }

    private void JudgeAgreement()
    {
        // A run that was cut, because nobody knows the module's answer, proves nothing.
        if (_other is null || View.Trace.Observes == Observes.None || TraceComparison.First(Run(_other, View.Scenario), View.Trace) is not { } difference)
        {
            return;
        }

        var detail = $"{difference.Place}: {_other.Host.Name}: {difference.One}; {_subject.Host.Name}: {difference.Other}";
        _breaches.Add(new Breach(_agreement!, new Verdict(VerdictKind.Broken, Step: difference.Step), null, detail));
    }

    private string? DetailOf(string id) => id[0] == 'K' ? _subject.Host.CrashMessage : null;

    private KnownIssue? KnownAs(string id, Verdict verdict)
    {
        var all = KnownIssueCatalog.All;
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
