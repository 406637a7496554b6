// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;

namespace TdxVerify.Tests.Quality;

/// <summary>Faults of the notifier, the list's lifetime and the locks shrink to what a person would write.</summary>
public sealed class SequenceShrinkTests
{
    private const int MaxEvaluations = 1000;

    public static TheoryData<string> Files => SmallestScenarios.In("hotplug");

    [Theory]
    [MemberData(nameof(Files))]
    public void TheSmallestScenarioIsReached(string file) =>
        SmallestScenarios.AssertReached(file, MaxEvaluations, Strategy.Sequences);
}
