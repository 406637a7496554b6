// SPDX-License-Identifier: MIT

namespace TdxVerify.Search;

/// <summary>A property that a case violates: plain data, the same from the judge over the wire to the file.</summary>
/// <param name="Case">Number of the case; 0 for a scenario that has none.</param>
/// <param name="KnownIssue">Name of the known issue that it is, or null.</param>
/// <param name="Detail">What no number says: where two traces part, what panic() said; or null.</param>
public readonly record struct Violation(
    ulong Case, string Property, Verdict Verdict, string? KnownIssue, string? Detail)
{
    /// <summary>Ids of what the case violates besides, when it ended the campaign; null: nothing.</summary>
    public IReadOnlyList<string>? Also { get; init; }

    /// <summary>The trace in words, where the case may not fail a second time; null: it will.</summary>
    public IReadOnlyList<string>? Trace { get; init; }

    /// <summary>True for the same property, known as the same issue or not known at all.</summary>
    public bool IsSameKind(in Violation other) => Property == other.Property && KnownIssue == other.KnownIssue;
}
