// SPDX-License-Identifier: MIT

namespace TdxVerify.Scenarios;

/// <summary>What was read of a kernel log or scenario file.</summary>
/// <param name="Boot">Which of them was chosen, from 1.</param>
/// <param name="Diagnostics">Cut or malformed lines of that boot.</param>
public sealed record LogFile(
    string Path,
    Scenario Scenario,
    int Boots,
    int Boot,
    LogDiagnostics Diagnostics);
