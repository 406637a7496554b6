// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>What cases, or one scenario, led to.</summary>
internal sealed record Reply(ulong Cases, bool IsStopped, bool IsLeft, IReadOnlyList<long> Coverage, IReadOnlyList<BreachMessage> Found)
{
    /// <summary>Memory of a tried scenario after its last step: pairs of first byte and byte after.</summary>
    public IReadOnlyList<ulong> Memory { get; init; } = [];

    /// <summary>PAMTs of a tried scenario, in the same form.</summary>
    public IReadOnlyList<ulong> Pamts { get; init; } = [];

    /// <summary>Trace of a tried scenario, in words.</summary>
    public IReadOnlyList<string> Trace { get; init; } = [];

    /// <summary>What went wrong in the harness, or null.</summary>
    public string? Failure { get; init; }
}
