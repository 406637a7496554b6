// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Mutation.Kills;

/// <summary>How mutants are tried.</summary>
/// <param name="Kernel">The tree as it is, compiled.</param>
/// <param name="Campaign">A search of it: seed, cases, strategy, worker. Each mutant's has one worker.</param>
public sealed record MutationPlan(BuiltKernel Kernel, CampaignPlan Campaign)
{
    /// <summary>Searches of each mutant, each with a seed of its own.</summary>
    public int Trials { get; init; } = 1;

    /// <summary>Mutants that are tried at once.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How cases are made; null: as a mutant says, or as the campaign does.</summary>
    public Strategy? Strategy { get; init; }

    /// <summary>The tree as it is, compiled with sanitizers: a mutant is searched with them and without by turns.
    /// Null: only without.</summary>
    public BuiltKernel? Sanitized { get; init; }

    /// <summary>How workers of sanitized kernels are started.</summary>
    public WorkerLaunch? SanitizedWorker { get; init; }

    /// <summary>How long a search may take.</summary>
    public TimeSpan? Limit { get; init; }

    /// <summary>What was noticed is shrunk, in the first search.</summary>
    public bool Shrinks { get; init; } = true;
}
