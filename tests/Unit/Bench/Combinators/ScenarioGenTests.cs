// SPDX-License-Identifier: MIT

using TdxVerify.Bench.Combinators;
using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Subjects;

namespace TdxVerify.Tests.Unit.Bench.Combinators;

/// <summary>The baseline of the generator must make what the generator makes, or the comparison says nothing.</summary>
public sealed class ScenarioGenTests
{
    private const int Count = 2000;
    private const ulong Seed = 5;

    private static readonly ModelHost Subject = new(HostRules.Merged, Modules.Reloaded());

    [Fact]
    public void ItsMachinesBootAndAreOfBothKinds()
    {
        var scenarios = ScenarioGen.Sample(Count, Seed).ToList();
        Assert.All(scenarios, static s => Assert.True(Subject.Run(s).BootResult.EarlyRanges.Count > 0 || s.Machine.MemblockCalls.Count > 0));
        Assert.InRange(scenarios.Count(static s => s.Machine.E820.Count > 0), Count * 2 / 5, Count * 3 / 5);
        Assert.All(scenarios, static s => Assert.NotEqual(s.Machine.E820.Count > 0, s.Machine.MemblockCalls.Count > 0));
        Assert.All(scenarios, static s => Assert.Contains(Step.Enable, s.Steps));
    }

    [Theory]
    [InlineData("map entries", 0.1)]
    [InlineData("memblock calls", 0.1)]
    [InlineData("SRAT entries", 0.1)]
    [InlineData("CMRs", 0.1)]
    [InlineData("steps", 0.1)]
    [InlineData("faults", 0.15)]
    [InlineData("regions", 0.1)]
    [InlineData("SEAMCALLs", 0.15)]
    [InlineData("TDMRs", 0.15)]
    [InlineData("successes", 0.1)]
    public void OnAverageTheyAreThoseOfTheGenerator(string what, double tolerance)
    {
        var filled = Filled().Average(s => Measure(s, what));
        var made = ScenarioGen.Sample(Count, Seed).Average(s => Measure(s, what));
        Assert.InRange(made, filled * (1 - tolerance), filled * (1 + tolerance));
    }

    [Fact]
    public void TheSameSeedMakesTheSameScenarios() => Assert.Equal(
        ScenarioGen.Sample(20, Seed).Select(static s => (s.Machine.Cmrs.Sum(static c => (double)c.End), s.Choices.PlacementBits, s.Steps.Count)),
        ScenarioGen.Sample(20, Seed).Select(static s => (s.Machine.Cmrs.Sum(static c => (double)c.End), s.Choices.PlacementBits, s.Steps.Count)));

    private static IEnumerable<Scenario> Filled()
    {
        var generator = new ScenarioGenerator(Strategy.Mixed);
        var scenario = new Scenario();
        for (ulong i = 0; i < Count; i++)
        {
            generator.Fill(scenario, Seed, i);
            yield return scenario;
        }
    }

    private static double Measure(Scenario scenario, string what) => what switch
    {
        "map entries" => scenario.Machine.E820.Count,
        "memblock calls" => scenario.Machine.MemblockCalls.Count,
        "SRAT entries" => scenario.Machine.Srat.Count,
        "CMRs" => scenario.Machine.Cmrs.Count,
        "steps" => scenario.Steps.Count,
        "faults" => scenario.Faults.Seamcalls.Count + (scenario.Faults.FailingKmalloc + scenario.Faults.FailingContig + scenario.Faults.FailingPagesExact > 0 ? 1 : 0),
        "regions" => Subject.Run(scenario).Trace.SnapshotAfter(0).Memory.Length,
        "SEAMCALLs" => Math.Min(Subject.Run(scenario).Trace.Seamcalls, 200),
        "TDMRs" => Subject.Run(scenario).Tdmrs.Consumed,
        "successes" => Subject.Run(scenario).Status == TdxModuleStatus.Initialized ? 1 : 0,
        _ => throw new ArgumentOutOfRangeException(nameof(what)),
    };
}
