// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>A schedule that breaks something.</summary>
/// <param name="Schedule">Which thread did what, in order.</param>
public sealed record RaceFinding(
    string Rule, int Preemptions, IReadOnlyList<string> Threads, IReadOnlyList<(int Thread, string Step)> Schedule);
