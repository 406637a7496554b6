// SPDX-License-Identifier: MIT

namespace TdxVerify.Conformance;

/// <summary>Verdict on a file.</summary>
public enum FileVerdict
{
    /// <summary>Every case and field agrees.</summary>
    Agrees,
    /// <summary>Some case does not.</summary>
    Disagrees,
    /// <summary>Nothing in it can be judged.</summary>
    NotApplicable,
}

/// <summary>A case that disagrees.</summary>
/// <param name="Line">Line of the file, from 1; 0 for a log as a whole.</param>
/// <param name="Label">The case's own name, when it has one.</param>
/// <param name="Input">The case as recorded, cut when long.</param>
public sealed record CaseResult(long Line, string Label, IReadOnlyList<CaseDifference> Differences, string Input);

/// <summary>What came of a file.</summary>
/// <param name="Path">As named by the user, or found below a folder.</param>
/// <param name="Format">What it was recognised as; for a log, with what was judged.</param>
/// <param name="Cases">Cases judged; a log is one.</param>
/// <param name="Disagreements">The first of them, in full.</param>
/// <param name="Reason">Why it is not applicable, or what was left out.</param>
public sealed record FileResult(
    string Path,
    string Format,
    FileVerdict Verdict,
    int Cases,
    int DisagreeCount,
    IReadOnlyList<CaseResult> Disagreements,
    string? Reason)
{
    /// <summary>Steps judged one by one; 0 where cases have none.</summary>
    public int Steps { get; init; }
}
