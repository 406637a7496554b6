// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Search.Workers;

namespace TdxVerify.Search;

/// <summary>What is searched: plain data, and what a worker process is told.</summary>
public sealed record CampaignPlan
{
    private const ulong MetamorphicMask = 7;
    private const ulong GuardMask = 15;
    /// <summary>One case of so many is watched by guards that cost system calls.</summary>
    public const int GuardedShare = (int)GuardMask + 1;

    public ulong Seed { get; init; }

    /// <summary>The first case; those in front of it have been searched.</summary>
    public ulong FirstCase { get; init; }

    /// <summary>The case behind the last.</summary>
    public ulong Cases { get; init; } = 100_000;
    public Strategy Strategy { get; init; }
    public int Workers { get; init; } = Environment.ProcessorCount;
    public bool KeepsGoing { get; init; }

    /// <summary>Cases that are still run behind a bare difference: one of them may violate a property that says what
    /// is wrong.</summary>
    public ulong CasesBehindDifference { get; init; } = 1 << 16;

    /// <summary>Known issues stop the campaign too.</summary>
    public bool IsStrict { get; init; }

    /// <summary>Ids of the properties that are judged; empty: all.</summary>
    public IReadOnlyList<string> Properties { get; init; } = [];

    /// <summary>The scenario whose machine is varied, as text; or null.</summary>
    public string? Origin { get; init; }

    /// <summary>Where that machine was read from.</summary>
    public string? OriginName { get; init; }

    /// <summary>The kernel that is searched instead of the reference, or null.</summary>
    public KernelUnderTest? Kernel { get; init; }

    /// <summary>Name of the profile or design that the reference follows when no kernel is searched.</summary>
    public string Policy { get; init; } = HostProfile.Merged.Name;

    /// <summary>Two kernels are compared by results and state, not by the order of what they did.</summary>
    public bool ComparesResults { get; init; }

    /// <summary>How worker processes are started; null: everything runs in this process.</summary>
    public WorkerLaunch? Worker { get; init; }

    /// <summary>True when a case takes part in metamorphic properties, which cost a run each.</summary>
    public static bool HasMetamorphic(ulong index) => (index & MetamorphicMask) == 0;

    /// <summary>True when a case is watched by guards that cost system calls; so is every scenario that is evaluated
    /// alone.</summary>
    public static bool HasGuards(ulong index) => (index & GuardMask) == GuardMask;

    /// <summary>True when a violation ends a campaign that doesn't keep going.</summary>
    public bool IsStoppedBy(in Violation violation) => violation.KnownIssue is null || IsStrict;
}
