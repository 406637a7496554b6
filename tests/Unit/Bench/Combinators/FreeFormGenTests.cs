// SPDX-License-Identifier: MIT

using TdxVerify.Bench.Combinators;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Tests.Unit.Bench.Combinators;

/// <summary>The baseline of the generator must make what the generator makes, or the comparison says nothing.</summary>
public sealed class FreeFormGenTests
{
    private const int Count = 2000;
    private const ulong Seed = 5;
    private const int Crowd = 100;

    [Theory]
    [InlineData("memblock calls")]
    [InlineData("GiB")]
    [InlineData("CMRs")]
    [InlineData("mirror")]
    public void OnAverageTheMachinesAreThoseOfTheGenerator(string what)
    {
        var filled = Filled().Average(m => Measure(m, what));
        var made = FreeFormGen.Sample(Count, Seed).Average(m => Measure(m, what));
        Assert.InRange(made, filled * 0.85, filled * 1.15);
    }

    [Fact]
    public void TheSameSeedMakesTheSameMachines() => Assert.Equal(
        FreeFormGen.Sample(20, Seed).Select(static m => (m.Cmrs.Sum(static c => (double)c.End), m.MemblockCalls.Count)),
        FreeFormGen.Sample(20, Seed).Select(static m => (m.Cmrs.Sum(static c => (double)c.End), m.MemblockCalls.Count)));

    private static IEnumerable<Machine> Filled()
    {
        var generator = new ScenarioGenerator(Strategy.Adversarial);
        var scenario = new Scenario();
        for (ulong i = 0; i < Count; i++)
        {
            generator.Fill(scenario, Seed, i);

            // The baseline has no crowded machines.
            if (scenario.Machine.E820.Count == 0 && scenario.Machine.MemblockCalls.Count <= Crowd)
            {
                yield return scenario.Machine;
            }
        }
    }

    private static double Measure(Machine machine, string what) => what switch
    {
        "memblock calls" => machine.MemblockCalls.Count,
        "GiB" => machine.MemblockCalls.Sum(static c => Math.Min(c.Size >> 30, 64.0)),
        "CMRs" => machine.Cmrs.Count,
        _ => machine.Options.KernelcoreMirror ? 1 : 0,
    };
}
