// SPDX-License-Identifier: MIT

using TdxVerify.Bench.Combinators;
using TdxVerify.Core.Cases;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Bench.Measuring;

/// <summary>The generator alone beside FsCheck combinators that make the same machines.</summary>
internal static class GeneratorMeasure
{
    // FsCheck hands out a list: a short one, so that the garbage collector finds little alive.
    private const int Batch = 128;
    private const int GeneratorBatches = 16;

    /// <summary>Measures both.</summary>
    public static GeneratorFigures Run(ulong seed, TimeSpan time)
    {
        var filler = new ScenarioGenerator(Strategy.Mixed);
        var scenario = new Scenario();
        ulong index = 0;
        var drawn = seed;
        Action[] contestants =
        [
            () =>
            {
                for (var i = 0; i < GeneratorBatches * Batch; i++)
                {
                    filler.Fill(scenario, seed, index++);
                }
            },
            () =>
            {
                foreach (var made in ScenarioGen.Sample(Batch, drawn++))
                {
                    scenario = made;
                }
            },
        ];
        Rounds.Heat(contestants);
        var least = Rounds.Least(time, contestants);
        return new GeneratorFigures(least[0] / (GeneratorBatches * Batch), least[1] / Batch);
    }
}
