// SPDX-License-Identifier: MIT

using System.Diagnostics;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search;
using TdxVerify.Search.Workers;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Measuring;

/// <summary>A kernel's cases as check runs them, in a worker process, beside a plain C loop of the same library; they
/// take turns.</summary>
public static class KernelMeasure
{
    private const ulong Seed = 1;
    private const int Batch = 4096;

    // Processor time of another process comes in ticks of 10 ms: a round must be many of them.
    private const int WorkerBatch = 4 * Batch;
    private const int Fewest = 3;

    public static KernelFigures Run(CampaignPlan kernel, CampaignPlan sanitized, TimeSpan time)
    {
        using var baseline = new NativeBaseline(kernel.Kernel!.Library, kernel.Kernel.Profile?.Policy);
        var scenario = new Scenario();
        var generator = CampaignParts.Generator(kernel);
        for (ulong index = 0; index < Batch; index++)
        {
            generator.Fill(scenario, Seed, index);
            baseline.Add(scenario, CampaignPlan.HasGuards(index));
        }

        CampaignPlan[] searches = [Alone(kernel), kernel with { Seed = Seed }, Alone(sanitized)];
        var rates = searches.Select(static s => new WorkerRate(s)).ToList();
        try
        {
            // The runtime compiles what runs often once more.
            rates.ForEach(static r => r.Run(4 * WorkerBatch));
            var least = Enumerable.Repeat(double.MaxValue, rates.Count + 1).ToArray();
            var clock = Stopwatch.StartNew();
            for (var round = 0; round < Fewest || clock.Elapsed < time; round++)
            {
                least[0] = Math.Min(least[0], CpuClock.Measure(baseline.Run) / Batch);
                for (var i = 0; i < rates.Count; i++)
                    least[i + 1] = Math.Min(least[i + 1], rates[i].Run(WorkerBatch) / WorkerBatch);
            }

            return new KernelFigures(
                kernel.Kernel.Name, least[0], least[1], least[2], least[3], baseline.HasProtectionKeys);
        }
        finally
        {
            rates.ForEach(static r => r.Dispose());
        }
    }

    /// <summary>Every property of one trace, and no second subject.</summary>
    private static CampaignPlan Alone(CampaignPlan plan) => plan with
    {
        Seed = Seed,
        Properties = [.. InvariantCatalog.Create().Select(static i => i.Id)],
    };
}
