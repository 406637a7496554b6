// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TdxVerify.Search;

namespace TdxVerify.Measuring;

/// <summary>The search itself, on one thread: properties, metamorphic properties and coverage as check runs them; the
/// median of a few runs.</summary>
internal static class PipelineMeasure
{
    private const ulong Row = 1024;
    private const ulong FirstCases = 4 * Row;
    private const int Runs = 3;

    public static PipelineFigures Run(ulong seed, TimeSpan time)
    {
        Rounds.Heat([() => Search(seed, FirstCases)]);
        var clock = Stopwatch.StartNew();
        var firstBytes = BytesOf(() => Search(seed, FirstCases));
        var rows = (ulong)(FirstCases / Row * (time / Runs / clock.Elapsed));
        var cases = Math.Max(2 * FirstCases, rows * Row);
        var bytes = 0L;
        var nanoseconds = new double[Runs];
        for (var run = 0; run < Runs; run++)
            nanoseconds[run] = CpuClock.Measure(() => bytes = BytesOf(() => Search(seed, cases)));

        Array.Sort(nanoseconds);
        return new PipelineFigures(
            cases, cases / (nanoseconds[Runs / 2] / 1e9),
            Math.Max(0, bytes - firstBytes) / (double)(cases - FirstCases));
    }

    private static void Search(ulong seed, ulong cases) =>
        new Campaign(new CampaignPlan { Seed = seed, Cases = cases, Workers = 1, KeepsGoing = true })
            .Run(null, CancellationToken.None);

    private static long BytesOf(Action action)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        action();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
