// SPDX-License-Identifier: MIT

using System.Diagnostics;

namespace TdxVerify.Measuring;

/// <summary>Things measured side by side: they take turns, so that whatever disturbs the machine disturbs all of
/// them.</summary>
internal static class Rounds
{
    private const int Fewest = 3;

    // The runtime compiles again what runs often, in the background, once nothing new was compiled for 100 ms.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);

    /// <summary>The least processor time of each in a number of rounds, in nanoseconds.</summary>
    public static double[] Least(int rounds, IReadOnlyList<Action> contestants)
    {
        var least = contestants.Select(static _ => double.MaxValue).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < least.Length; i++)
                least[i] = Math.Min(least[i], CpuClock.Measure(contestants[i]));
        }

        return least;
    }

    public static double[] Least(TimeSpan time, IReadOnlyList<Action> contestants)
    {
        var clock = Stopwatch.StartNew();
        var least = Least(Fewest, contestants);
        while (clock.Elapsed < time)
            least = [.. least.Zip(Least(1, contestants), Math.Min)];

        return least;
    }

    /// <summary>Runs all of them until they are compiled for good.</summary>
    public static void Heat(IReadOnlyList<Action> contestants)
    {
        for (var turn = 0; turn < 2; turn++)
        {
            var clock = Stopwatch.StartNew();
            while (clock.Elapsed < WarmUp)
            {
                foreach (var contestant in contestants)
                    contestant();
            }

            Thread.Sleep(Pause);
        }
    }
}
