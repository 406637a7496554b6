// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Metamorphic;
using TdxVerify.Search.Differences;
using TdxVerify.Search.KnownIssues;
using TdxVerify.Search.Reports;
using TdxVerify.Subjects;

namespace TdxVerify.Search;

/// <summary>Runs scenarios on a subject and judges them. One thread uses it; its memory is used again.</summary>
public sealed class CaseJudge
{
    private readonly SubjectDriver _subject;
    private readonly Lazy<SubjectDriver> _second;
    private readonly Func<string, bool> _isJudged;
    private readonly Scenario _changed = new();
    private readonly CaseFacts _changedFacts = new();
    private readonly InvariantSet _invariants;
    private readonly List<(Invariant Invariant, Verdict Verdict)> _violated = [];
    private readonly MetamorphicProperty[] _metamorphic;
    private readonly List<Violation> _violations = [];
    private readonly MergedChoices _choices;

    /// <summary>A judge of the reference by some policy.</summary>
    public CaseJudge(
        KernelPolicy policy, MergedChoices choices = MergedChoices.All, params IReadOnlyList<string> properties)
        : this(() => new ModelHost(policy, Modules.Reloaded()), choices, properties)
    {
    }

    /// <summary>A judge of a subject.</summary>
    /// <param name="choices">What it decides as the merged code does.</param>
    /// <param name="properties">Ids of the properties that are judged; empty: all but the canary.</param>
    public CaseJudge(Func<IHost> create, MergedChoices choices, IReadOnlyList<string> properties)
    {
        _isJudged = id => properties.Count == 0
            ? id != Canary.Invariant.Id
            : properties.Contains(id, StringComparer.OrdinalIgnoreCase);
        _subject = new SubjectDriver(create());
        _second = new Lazy<SubjectDriver>(() => new SubjectDriver(create()));
        _choices = choices;
        _invariants = new InvariantSet(PropertyCatalog.Invariants().Where(i => _isJudged(i.Id)));
        _metamorphic = [.. MetamorphicCatalog.All.Where(m => _isJudged(m.Id))];
    }

    /// <summary>The subject that must do the same, or null.</summary>
    public SubjectDriver? Other { get; init; }

    public DifferentialProperty? Differential { get; init; }

    /// <summary>Both are compared by results and state, not by the order of what they did.</summary>
    public bool ComparesResults { get; init; }

    /// <summary>The case that was judged last.</summary>
    public CaseFacts Facts { get; } = new();

    /// <summary>Its subjects watch what costs system calls to watch.</summary>
    public bool IsGuarded { get; set; } = true;

    /// <summary>What happened in the case that was run last.</summary>
    /// <param name="release">The release whose words are used.</param>
    public CaseReport Report(Version release) =>
        CaseReport.Of(Facts.Trace, release, _subject.Host.TextOfLine);

    public void Run(Scenario scenario) => Facts.Load(scenario, Run(_subject, scenario), _choices);

    /// <summary>Takes a case that somebody else has run.</summary>
    public void Take(Scenario scenario, Trace trace) => Facts.Load(scenario, trace, _choices);

    /// <summary>Judges the case that was run last.</summary>
    /// <param name="index">Its number; 0: it has none.</param>
    /// <returns>What is violated, in the order of SPECIFICATION.md; good until the next call.</returns>
    public IReadOnlyList<Violation> Judge(ulong index, bool withMetamorphic)
    {
        _violations.Clear();
        _violated.Clear();
        _invariants.Judge(Facts, _violated);
        foreach (var (invariant, verdict) in _violated)
            Add(index, invariant, verdict, (invariant as KernelInvariant)?.Shows switch
            {
                KernelDetail.Crash => _subject.Host.CrashMessage,
                KernelDetail.Misuse => _subject.Host.MisusePlace,
                _ => null,
            });

        JudgeDifferential(index);
        for (var i = 0; withMetamorphic && !Facts.Trace.IsEndless && !Facts.Trace.HasCrashed
            && i < _metamorphic.Length; i++)
        {
            JudgeMetamorphic(index, _metamorphic[i]);
        }

        return _violations;
    }

    private Trace Run(SubjectDriver subject, Scenario scenario)
    {
        subject.Host.IsGuarded = IsGuarded;
        return subject.Run(scenario);
    }

    private void Add(ulong index, Property property, Verdict verdict, string? detail = null)
    {
        var known = KnownIssueCatalog.Of(Facts, property.Id, verdict)?.Name;
        _violations.Add(new Violation(index, property.Id, verdict, known, detail));
    }

    private void JudgeMetamorphic(ulong index, MetamorphicProperty property)
    {
        _changed.CopyFrom(Facts.Scenario);
        if (!property.Change(_changed))
            return;

        _changedFacts.LoadSteps(_changed, Run(_second.Value, _changed), _choices);
        var verdict = property.Judge(Facts, _changedFacts);
        if (verdict.IsBroken)
            Add(index, property, verdict);
    }

    private void JudgeDifferential(ulong index)
    {
        // A run that was cut, because nobody knows the module's answer, proves nothing.
        if (Other is null || Differential is null || !_isJudged(Differential.Id)
            || Facts.Trace.Observes == Observes.None
            || TraceComparison.First(Run(Other, Facts.Scenario), Facts.Trace, !ComparesResults) is not { } difference)
        {
            return;
        }

        var detail =
            $"{difference.Place}: {Other.Host.Name}: {difference.One}; {_subject.Host.Name}: {difference.Other}";
        _violations.Add(
            new Violation(
                index, Differential.Id, new Verdict(VerdictKind.Broken, Step: difference.Step), null, detail));
    }
}
