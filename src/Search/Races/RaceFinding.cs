// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>A schedule that breaks something.</summary>
/// <param name="Rule">What is broken.</param>
/// <param name="Preemptions">How many switches it needs.</param>
/// <param name="Threads">Names of the threads.</param>
/// <param name="Schedule">Which thread did what, in order.</param>
public sealed record RaceFinding(string Rule, int Preemptions, IReadOnlyList<string> Threads, IReadOnlyList<(int Thread, string Step)> Schedule);
