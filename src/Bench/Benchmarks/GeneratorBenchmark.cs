// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TdxVerify.Bench.Combinators;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Bench.Benchmarks;

/// <summary>The generator beside FsCheck combinators: whole scenarios against their machines alone, so that the column
/// Ratio, of which at least 10 is wanted, says too little.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class GeneratorBenchmark
{
    // FsCheck hands out a list: a short one, so that the garbage collector finds little alive.
    private const int Batch = 128;
    private const ulong Seed = 1;

    private readonly ScenarioGenerator _generator = new(Strategy.Adversarial);
    private readonly Scenario _scenario = new();
    private ulong _index;
    private ulong _drawn = Seed;

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public Scenario Generator()
    {
        for (var i = 0; i < Batch; i++)
            _generator.Fill(_scenario, Seed, _index++);

        return _scenario;
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public Machine Combinators()
    {
        var machine = _scenario.Machine;
        foreach (var made in FreeFormGen.Sample(Batch, _drawn++))
            machine = made;

        return machine;
    }
}
