// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Search.Mutants;
using TdxVerify.Search.Workers;

namespace TdxVerify.Search;

/// <summary>What is searched.</summary>
public sealed record CampaignPlan
{
    /// <summary>The seed.</summary>
    public ulong Seed { get; init; }

    /// <summary>Number of cases at most.</summary>
    public ulong Cases { get; init; } = 100_000;

    /// <summary>What kind of machines.</summary>
    public Strategy Strategy { get; init; }

    /// <summary>Threads.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Goes on behind a finding.</summary>
    public bool KeepsGoing { get; init; }

    /// <summary>Known findings stop the search too.</summary>
    public bool IsStrict { get; init; }

    /// <summary>The planted change, or null.</summary>
    public Mutant? Mutant { get; init; }

    /// <summary>Ids of the statements that are judged; empty: all.</summary>
    public IReadOnlyList<string> PropertyCatalog { get; init; } = [];

    /// <summary>The machine to stay around, or null.</summary>
    public Scenario? Origin { get; init; }

    /// <summary>Where that machine was read from.</summary>
    public string? OriginName { get; init; }

    /// <summary>The kernel that is searched instead of the reference, or null.</summary>
    public KernelUnderTest? Kernel { get; init; }

    /// <summary>The profile that the reference follows when no kernel is searched.</summary>
    public HostProfile Profile { get; init; } = HostProfile.Merged;

    /// <summary>What the host code does.</summary>
    public HostRules Rules => Mutant?.Rules ?? Profile.Rules;

    /// <summary>A filler for these cases.</summary>
    public ScenarioGenerator CreateGenerator()
    {
        var traits = Kernel?.CommonTraits ?? KernelUnderTest.TraitsOf(Rules);
        return Origin is null ? new ScenarioGenerator(Strategy) { Traits = traits } : new ScenarioGenerator(Origin) { Traits = traits };
    }

    /// <summary>A judge for these cases.</summary>
    public CaseJudge CreateJudge()
    {
        Func<string, bool>? isJudged = PropertyCatalog.Count == 0 ? null : id => PropertyCatalog.Contains(id, StringComparer.OrdinalIgnoreCase);
        return Kernel?.CreateJudge(isJudged) ?? new CaseJudge(Rules, Mutant?.Choices ?? Profile.Rules.MergedChoices, isJudged);
    }

    /// <summary>How worker processes are started; null: everything runs in this process.</summary>
    public WorkerLaunch? Worker { get; init; }

    /// <summary>Runs scenarios that have no number.</summary>
    public ITrial CreateTrial() => Worker is null ? new LocalTrial(CreateJudge()) : new WorkerTrial(this);

    /// <summary>Runs numbered cases.</summary>
    internal IRows CreateRows() => Worker is null ? new LocalRows(this) : new WorkerRows(this);
}
