// SPDX-License-Identifier: MIT

using TdxVerify.Search;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Mutation.KillTables;

/// <summary>How a kill table is made.</summary>
/// <param name="Kernels">The tree as it is, compiled as the columns want it.</param>
/// <param name="Campaign">A search of it by one worker.</param>
/// <param name="Target">The command that runs cases of a rival, without its plan.</param>
public sealed record KillTablePlan(
    IReadOnlyDictionary<BuildKind, BuiltKernel> Kernels,
    CampaignPlan Campaign,
    IReadOnlyList<string> Target,
    IReadOnlyList<KillColumn> Columns)
{
    public int Trials { get; init; }

    /// <summary>Mutants at once, each on a processor of its own.</summary>
    public int Workers { get; init; }

    /// <summary>How long a search may take.</summary>
    public TimeSpan Limit { get; init; }
}
