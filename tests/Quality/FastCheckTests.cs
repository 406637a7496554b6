// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Mutation.Alterations;
using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Invariants;
using TdxVerify.Subjects;

namespace TdxVerify.Tests.Quality;

/// <summary>A fast check settles a group of invariants: with it and without it every verdict is the same.</summary>
public sealed class FastCheckTests
{
    private const ulong Seed = 20_231;

    private readonly CaseFacts _facts = new();
    private readonly InvariantSet _invariants = new(InvariantCatalog.Create());
    private readonly List<(Invariant Invariant, Verdict Verdict)> _fast = [];
    private readonly List<(Invariant Invariant, Verdict Verdict)> _slow = [];

    [Theory]
    [InlineData(Strategy.Mixed, 160_000)]
    [InlineData(Strategy.Sequences, 20_000)]
    [InlineData(Strategy.Exhaustive, 20_000)]
    public void GeneratedCasesAreJudgedAlike(Strategy strategy, int cases)
    {
        var model = new ModelHost(KernelPolicy.Merged, Modules.Reloaded());
        Assert.InRange(Compare(model, strategy, cases, alter: null), 0, cases);
    }

    [Theory]
    [InlineData(Strategy.Mixed, 12)]
    [InlineData(Strategy.Sequences, 4)]
    public void AlteredTracesAreJudgedAlike(Strategy strategy, int cases)
    {
        var generator = new ScenarioGenerator(strategy);
        var model = new ModelHost(KernelPolicy.Merged, Modules.Reloaded());
        var altered = new AlteredTraces();
        var scenario = new Scenario();
        var violated = 0;
        for (var index = 0; index < cases; index++)
        {
            generator.Fill(scenario, Seed, (ulong)index);
            var trace = model.Run(scenario).Trace;
            if (!AlteredTraces.CanAlter(trace))
            {
                continue;
            }

            foreach (var (subject, change) in altered.Of(trace))
            {
                violated += Judge(scenario, altered.Trace, $"case {index}, {subject}: {change}");
            }
        }

        Assert.InRange(violated, 1000, int.MaxValue);
    }

    [Fact]
    public void BrokenTracesAreJudgedAlike()
    {
        var random = new Random(7);
        var model = new ModelHost(KernelPolicy.Merged, Modules.Reloaded());
        Assert.InRange(Compare(model, Strategy.Mixed, 60_000, trace => Alter(trace, random)), 20_000, int.MaxValue);
    }

    /// <summary>How many verdicts are "violated".</summary>
    private int Compare(ModelHost model, Strategy strategy, int cases, Action<Trace>? alter)
    {
        var generator = new ScenarioGenerator(strategy);
        var scenario = new Scenario();
        var violated = 0;
        for (var index = 0; index < cases; index++)
        {
            generator.Fill(scenario, Seed, (ulong)index);
            var trace = model.Run(scenario).Trace;
            alter?.Invoke(trace);
            violated += Judge(scenario, trace, $"case {index}");
        }

        return violated;
    }

    /// <summary>How many verdicts are "violated": as many with fast checks as without.</summary>
    private int Judge(Scenario scenario, Trace trace, string name)
    {
        _facts.Load(scenario, trace, MergedChoices.All);
        _fast.Clear();
        _slow.Clear();
        _invariants.Judge(_facts, _fast);
        _invariants.Judge(_facts, _slow, withFastChecks: false);
        if (!_fast.SequenceEqual(_slow))
        {
            Assert.Fail($"{name}: {Text(_fast)} with fast checks, {Text(_slow)} without");
        }

        return _slow.Count;
    }

    /// <summary>Moves, grows, empties or swaps one region, entry, TDMR or reserved area.</summary>
    private static void Alter(Trace trace, Random random)
    {
        var state = trace.SnapshotAfter(random.Next(trace.Steps.Length + 1));
        var by = (ulong)random.Next(-2, 3) * (random.Next(2) == 0 ? Sizes.Page4K : Sizes.Page1G);
        switch (random.Next(4))
        {
            case 0:
                Change(state.Memory, random, r => random.Next(3) switch
                {
                    0 => r with { Base = r.Base + by },
                    1 => r with { Size = r.Size + by },
                    _ => r with { Nid = r.Nid ^ 1 },
                });
                break;
            case 1:
                Change(state.Memlist, random, e => random.Next(3) switch
                {
                    0 => e with { Start = e.Start + Pages.PfnDown(by) },
                    1 => e with { End = e.End + Pages.PfnDown(by) },
                    _ => e with { Nid = e.Nid ^ 1 },
                });
                break;
            case 2:
                Change(trace.Configured.Tdmrs, random, t => random.Next(2) == 0 ? t with { Base = t.Base + by } : t with { Size = t.Size + by });
                break;
            default:
                if (trace.Configured.Tdmrs is [var first, ..])
                {
                    Change(trace.Configured.Reserved(first), random, a => random.Next(2) == 0 ? a with { Offset = a.Offset + by } : a with { Size = a.Size + by });
                }

                break;
        }
    }

    private static void Change<T>(ReadOnlySpan<T> items, Random random, Func<T, T> change)
        where T : struct
    {
        if (items.Length == 0)
        {
            return;
        }

        var writable = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(items), items.Length);
        var at = random.Next(items.Length);
        if (at > 0 && random.Next(4) == 0)
        {
            (writable[at], writable[at - 1]) = (writable[at - 1], writable[at]);
        }
        else
        {
            writable[at] = change(writable[at]);
        }
    }

    private static string Text(List<(Invariant Invariant, Verdict Verdict)> violated) =>
        violated.Count == 0 ? "nothing" : string.Join(", ", violated.Select(static v => v.Invariant.Id));
}
