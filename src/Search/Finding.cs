// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Shrinking;
using TdxVerify.Search.Knowns;

namespace TdxVerify.Search;

/// <summary>A broken statement with the smallest scenario that shows it.</summary>
/// <param name="Case">Number of the case that was found first.</param>
/// <param name="Statement">What is broken.</param>
/// <param name="Known">What it is known as, or null.</param>
/// <param name="Verdict">The evidence on the smallest scenario.</param>
/// <param name="Smallest">The smallest scenario.</param>
/// <param name="Evaluations">Scenarios that were tried for it.</param>
public sealed record Finding(ulong Case, Statement Statement, KnownFinding? Known, Verdict Verdict, Scenario Smallest, int Evaluations)
{
    /// <summary>Memory of the smallest scenario after its last step.</summary>
    public required IReadOnlyList<AddressRange> Memory { get; init; }

    /// <summary>PAMTs that TDH.SYS.CONFIG was told of.</summary>
    public required IReadOnlyList<AddressRange> Pamts { get; init; }

    /// <summary>Most scenarios that are tried to make one smaller.</summary>
    public const int MostEvaluations = 3000;

    /// <summary>Ids of what the case broke besides.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>What a sweep found, as it was found.</summary>
    public static Finding Raw(in FoundBreach found, SweepOptions options)
    {
        var scenario = new Scenario();
        options.CreateFiller().Fill(scenario, options.Seed, found.Case);
        Name(scenario, found.Breach, options);
        return new Finding(found.Case, found.Breach.Statement, found.Breach.Known, found.Breach.Verdict, scenario, 0) { Memory = [], Pamts = [] };
    }

    /// <summary>Shrinks what a sweep found.</summary>
    public static Finding Of(in FoundBreach found, SweepOptions options)
    {
        var scenario = new Scenario();
        options.CreateFiller().Fill(scenario, options.Seed, found.Case);
        return Of(found.Case, scenario, found.Breach, options) with { Also = found.Also };
    }

    /// <summary>Shrinks a scenario that breaks a statement. The rule is "broken and not known", or "known as the same".</summary>
    public static Finding Of(ulong index, Scenario scenario, Breach breach, SweepOptions options)
    {
        var only = options with { Statements = [breach.Statement.Id] };
        var judge = only.CreateJudge();
        var shrinker = new Shrinker(s => Breaks(judge, s, breach.Known) is not null, MostEvaluations);
        var smallest = shrinker.Shrink(scenario);
        var verdict = Breaks(judge, smallest, breach.Known)?.Verdict ?? breach.Verdict;
        Name(smallest, breach, options);
        return new Finding(index, breach.Statement, breach.Known, verdict, smallest, shrinker.Evaluations)
        {
            Memory = MemoryOf(judge.View.Trace),
            Pamts = PamtsOf(judge.View.Trace),
        };
    }

    /// <summary>A scenario that breaks a statement, as it is.</summary>
    public static Finding AsItIs(Scenario scenario, Breach breach, CaseJudge judge) =>
        new(0, breach.Statement, breach.Known, breach.Verdict, scenario, 0) { Memory = MemoryOf(judge.View.Trace), Pamts = PamtsOf(judge.View.Trace) };

    private static void Name(Scenario scenario, in Breach breach, SweepOptions options)
    {
        scenario.Profile = options.Slip?.Name;
        scenario.Statement = breach.Statement.Id;
    }

    private static List<AddressRange> MemoryOf(Trace trace)
    {
        var memory = new List<AddressRange>();
        foreach (ref readonly var region in trace.SnapshotAfter(trace.Steps.Length).Memory)
        {
            memory.Add(region.Range);
        }

        return memory;
    }

    private static List<AddressRange> PamtsOf(Trace trace)
    {
        var pamts = new List<AddressRange>();
        foreach (ref readonly var tdmr in trace.Configured.Tdmrs)
        {
            pamts.Add(new AddressRange(tdmr.Pamt4K.Base, tdmr.Pamt1G.Range.End));
        }

        return pamts;
    }

    private static Breach? Breaks(CaseJudge judge, Scenario scenario, KnownFinding? known)
    {
        judge.Run(scenario);
        foreach (var breach in judge.Judge(withRelations: true))
        {
            if (breach.Known == known)
            {
                return breach;
            }
        }

        return null;
    }
}
