// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Conformance;
using TdxVerify.Search;

namespace TdxVerify.Confirmation;

/// <summary>What a case led to on a running kernel: plain data.</summary>
/// <param name="Differences">Where the model says otherwise.</param>
/// <param name="Violations">Properties that the trace violates.</param>
/// <param name="Splats">Lines with which the kernel complains of itself.</param>
/// <param name="Record">The boot, as conform reads it.</param>
public sealed record GuestVerdict(
    ulong Case, Scenario Scenario, IReadOnlyList<CaseDifference> Differences, IReadOnlyList<Violation> Violations,
    IReadOnlyList<string> Splats, JsonElement Record, string Console)
{
    /// <summary>Why it ended early; null: it didn't.</summary>
    public string? End { get; init; }

    /// <summary>It did not answer, which takes a minute to be noticed.</summary>
    public bool HasHung { get; init; }

    /// <summary>The known issue of running kernels that explains why it ended, or null.</summary>
    public GuestKnownIssue? KnownEnd { get; init; }

    /// <summary>Steps that the kernel has taken.</summary>
    public int Steps { get; init; }

    /// <summary>Onlining that was refused with -EPERM.</summary>
    public int Refused { get; init; }

    /// <summary>TDX came up.</summary>
    public bool IsInitialized { get; init; }

    /// <summary>What is wrong, without numbers that change from case to case; empty: nothing is.</summary>
    public string Kind =>
        End is not null && KnownEnd is null ? "the kernel did not come back"
        : Splats.Count > 0 ? "the kernel complains: " + WithoutNumbers(Splats[0])
        : Differences.Count > 0 ? "the model differs: " + WithoutNumbers(Differences[0].Field)
        : Unknown is { } violation ? "violated: " + violation
        : "";

    /// <summary>What is violated and not known; how a kernel ends is K1's affair.</summary>
    private string? Unknown => Violations
        .FirstOrDefault(
            v => v.KnownIssue is null && (KnownEnd is null || v.Property != GuestKnownIssue.Invariant))
        .Property;

    /// <summary>Nothing is known that would explain it.</summary>
    public bool IsFinding => Kind.Length > 0;

    private static string WithoutNumbers(string text) => string.Concat(
        text.Select(static c => char.IsAsciiHexDigit(c) && !char.IsAsciiLetterLower(c) ? '#' : c));
}
