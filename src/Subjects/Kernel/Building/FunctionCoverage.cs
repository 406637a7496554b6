// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Kernel.Building;

/// <summary>How much of a function ran.</summary>
/// <param name="MissedLines">Numbers of those that never ran.</param>
/// <param name="MissedBranches">Numbers of the lines with a way that was never taken, one a way.</param>
public sealed record FunctionCoverage(
    string Name, int Lines, IReadOnlyList<int> MissedLines, int Branches, IReadOnlyList<int> MissedBranches);
