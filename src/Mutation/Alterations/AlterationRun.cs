// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search;
using TdxVerify.Search.KnownIssues;
using TdxVerify.Subjects;

namespace TdxVerify.Mutation.Alterations;

/// <summary>Alters the traces of intact cases and counts what the invariants notice: they judge the altered trace
/// alone, no reference beside it.</summary>
public sealed class AlterationRun
{
    private readonly Dictionary<(string, string), AlterationCount> _counts = [];
    private readonly InvariantSet _invariants = new(InvariantCatalog.Create());
    private readonly List<(Invariant Invariant, Verdict Verdict)> _violated = [];
    private readonly CaseFacts _facts = new();
    private readonly AlteredTraces _altered = new();

    /// <summary>One count for each kind of alteration, in the order of names.</summary>
    public IEnumerable<AlterationCount> Counts =>
        _counts.Values.OrderBy(static c => c.Subject, StringComparer.Ordinal)
            .ThenBy(static c => c.Change, StringComparer.Ordinal);

    /// <summary>Alters the cases [0, count) of a seed in every way.</summary>
    public void Run(HostProfile profile, Strategy strategy, ulong seed, ulong count, CancellationToken token)
    {
        var generator = new ScenarioGenerator(strategy) { Traits = KernelUnderTest.TraitsOf(profile.Policy) };
        var driver = new SubjectDriver(new ModelHost(profile.Policy, Modules.Reloaded()));
        var scenario = new Scenario();
        for (var index = 0UL; index < count && !token.IsCancellationRequested; index++)
        {
            generator.Fill(scenario, seed, index);
            var trace = driver.Run(scenario);
            if (AlteredTraces.CanAlter(trace))
            {
                Alter(
                    scenario, trace, profile.Policy.MergedChoices,
                    string.Create(CultureInfo.InvariantCulture, $"{profile.Name} {strategy} {index}"));
            }
        }
    }

    private void Alter(Scenario scenario, Trace trace, MergedChoices choices, string origin)
    {
        var intact = Judge(scenario, trace, choices).ToHashSet();
        foreach (var (subject, change) in _altered.Of(trace))
        {
            if (!_counts.TryGetValue((subject, change), out var count))
            {
                count = new AlterationCount(subject, change);
                _counts.Add((subject, change), count);
            }

            var violated = Judge(scenario, _altered.Trace, choices);
            violated.RemoveAll(intact.Contains);
            count.Add(origin, violated);
        }
    }

    /// <summary>Ids of what is violated and not known.</summary>
    private List<string> Judge(Scenario scenario, Trace trace, MergedChoices choices)
    {
        _violated.Clear();
        _facts.Load(scenario, trace, choices);
        _invariants.Judge(_facts, _violated);
        return [.. _violated.Where(v => KnownIssueCatalog.Of(_facts, v.Invariant.Id, v.Verdict) is null)
            .Select(static v => v.Invariant.Id)];
    }
}
