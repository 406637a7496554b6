// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Generation;

namespace TdxVerify.Measuring;

/// <summary>The generator alone, filling one scenario again and again; src/Bench puts FsCheck beside it.</summary>
internal static class GeneratorMeasure
{
    private const int Batch = 2048;

    /// <summary>Nanoseconds of processor time that a scenario takes.</summary>
    public static double Run(ulong seed, TimeSpan time)
    {
        var generator = new ScenarioGenerator(Strategy.Mixed);
        var scenario = new Scenario();
        ulong index = 0;
        Action[] contestants =
        [
            () =>
            {
                for (var i = 0; i < Batch; i++)
                    generator.Fill(scenario, seed, index++);
            },
        ];
        Rounds.Heat(contestants);
        return Rounds.Least(time, contestants)[0] / Batch;
    }
}
