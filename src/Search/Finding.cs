// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Invariants;
using TdxVerify.Properties.Shrinking;
using TdxVerify.Search.KnownIssues;

namespace TdxVerify.Search;

/// <summary>A broken statement with the smallest scenario that shows it.</summary>
/// <param name="Case">Number of the case that was found first.</param>
/// <param name="Property">What is broken.</param>
/// <param name="Known">What it is known as, or null.</param>
/// <param name="Verdict">The evidence on the smallest scenario.</param>
/// <param name="Smallest">The smallest scenario.</param>
/// <param name="Evaluations">Scenarios that were tried for it.</param>
public sealed record Finding(ulong Case, Property Property, KnownIssue? Known, Verdict Verdict, Scenario Smallest, int Evaluations)
{
    /// <summary>Memory of the smallest scenario after its last step.</summary>
    public required IReadOnlyList<AddressRange> Memory { get; init; }

    /// <summary>PAMTs that TDH.SYS.CONFIG was told of.</summary>
    public required IReadOnlyList<AddressRange> Pamts { get; init; }

    /// <summary>Most scenarios that are tried to make one smaller.</summary>
    public const int MaxEvaluations = 3000;

    /// <summary>What no number says, or null.</summary>
    public string? Detail { get; init; }

    /// <summary>It failed once and then no more.</summary>
    public bool IsFlaky { get; init; }

    /// <summary>The trace that failed, in words, when it is flaky.</summary>
    public IReadOnlyList<string> FirstTrace { get; init; } = [];

    /// <summary>The trace that did not.</summary>
    public IReadOnlyList<string> SecondTrace { get; init; } = [];

    /// <summary>Ids of what the case broke besides.</summary>
    public IReadOnlyList<string> Also { get; init; } = [];

    /// <summary>What a sweep found, as it was found.</summary>
    public static Finding Raw(in FoundBreach found, CampaignPlan options)
    {
        var scenario = new Scenario();
        options.CreateGenerator().Fill(scenario, options.Seed, found.Case);
        Name(scenario, found.Breach, options);
        return new Finding(found.Case, found.Breach.Property, found.Breach.Known, found.Breach.Verdict, scenario, 0) { Memory = [], Pamts = [] };
    }

    /// <summary>Shrinks what a sweep found.</summary>
    public static Finding Of(in FoundBreach found, CampaignPlan options)
    {
        var scenario = new Scenario();
        options.CreateGenerator().Fill(scenario, options.Seed, found.Case);
        return FirstLook(scenario, found, options) ?? (Of(found.Case, scenario, found.Breach, options) with { Also = found.Also });
    }

    /// <summary>A case of a process may not fail a second time: then it is shown as it is, with both traces.</summary>
    private static Finding? FirstLook(Scenario scenario, in FoundBreach found, CampaignPlan options)
    {
        if (options.Worker is null)
        {
            return null;
        }

        using var trial = (options with { PropertyCatalog = [found.Breach.Property.Id] }).CreateTrial();
        var result = trial.Try(scenario);
        if (Breaks(result, found.Breach) is not null)
        {
            return null;
        }

        Name(scenario, found.Breach, options);
        return new Finding(found.Case, found.Breach.Property, found.Breach.Known, found.Breach.Verdict, scenario, 1)
        {
            Memory = result.Memory,
            Pamts = result.Pamts,
            Detail = found.Breach.Detail,
            FirstTrace = found.Trace,
            SecondTrace = result.Trace,
            IsFlaky = true,
        };
    }

    /// <summary>Shrinks a scenario that breaks a statement. The rule is "broken and not known", or "known as the same".</summary>
    public static Finding Of(ulong index, Scenario scenario, Breach breach, CampaignPlan options)
    {
        using var trial = (options with { PropertyCatalog = [breach.Property.Id] }).CreateTrial();
        var shrinker = new Shrinker(s => Breaks(trial.Try(s), breach) is not null, MaxEvaluations);
        var smallest = shrinker.Shrink(scenario);
        var last = trial.Try(smallest);
        var broken = Breaks(last, breach);
        Name(smallest, breach, options);
        return new Finding(index, breach.Property, breach.Known, broken?.Verdict ?? breach.Verdict, smallest, shrinker.Evaluations)
        {
            Memory = last.Memory,
            Pamts = last.Pamts,
            Detail = broken is { } found ? found.Detail : breach.Detail,
        };
    }

    /// <summary>A scenario that breaks a statement, as it is.</summary>
    public static Finding AsItIs(Scenario scenario, Breach breach, Evaluation result) =>
        new(0, breach.Property, breach.Known, breach.Verdict, scenario, 0) { Memory = result.Memory, Pamts = result.Pamts, Detail = breach.Detail };

    private static void Name(Scenario scenario, in Breach breach, CampaignPlan options)
    {
        scenario.Profile = options.Mutant?.Name ?? (options.Profile == HostProfile.Merged ? null : options.Profile.Name);
        scenario.Property = breach.Property.Id;
    }

    private static Breach? Breaks(Evaluation result, Breach breach)
    {
        foreach (var found in result.Breaches)
        {
            if (found.Property.Id == breach.Property.Id && found.Known == breach.Known)
            {
                return found;
            }
        }

        return null;
    }
}
