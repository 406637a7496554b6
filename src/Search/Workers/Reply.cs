// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>What a batch, or one scenario, led to.</summary>
internal sealed record Reply
{
    public ulong Cases { get; init; }

    /// <summary>The batch ended at a violation that stops the campaign.</summary>
    public bool IsStopped { get; init; }

    public bool IsLeft { get; init; }
    public IReadOnlyList<long> Coverage { get; init; } = [];
    public IReadOnlyList<Violation> Violations { get; init; } = [];

    /// <summary>Cases that ended where nobody knows the answer.</summary>
    public ulong UnknownCases { get; init; }

    public string? FirstUnknown { get; init; }

    /// <summary>What a scenario led to, when one was asked for.</summary>
    public Evaluation? Evaluation { get; init; }

    /// <summary>What went wrong in the harness, or null.</summary>
    public string? Failure { get; init; }
}
