// SPDX-License-Identifier: MIT

using System.Globalization;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;
using TdxVerify.Bench.Benchmarks;
using TdxVerify.Bench.Combinators;
using TdxVerify.Scenarios;

namespace TdxVerify.Bench;

/// <summary>
/// Runs the benchmarks: dotnet run -c Release --project src/Bench -- --filter '*'. They run in this process, because a
/// process of their own needs a project named like its assembly; a job from the command line needs --inProcess beside
/// it.
/// </summary>
internal static class Program
{
    // On a machine that is never quiet the usual half second, up to a hundred times, ends late and says no more.
    private const int MillisecondsPerIteration = 100;
    private const int MaxIterations = 25;

    private static void Main(string[] args)
    {
        if (args is ["scenarios", var seed])
            PrintScenarios(ulong.Parse(seed, CultureInfo.InvariantCulture));
        else
            RunBenchmarks(args);
    }

    /// <summary>What tdxverify mutate --table --rival takes: scenarios, each with an empty line behind it.</summary>
    private static void PrintScenarios(ulong seed)
    {
        using var output = new StreamWriter(Console.OpenStandardOutput());
        try
        {
            foreach (var scenario in NaiveScenarioGen.Endless(seed))
                output.Write(ScenarioWriter.Write(scenario) + "\n");
        }
        catch (IOException)
        {
            // Nobody reads on.
        }
    }

    private static void RunBenchmarks(string[] args) => BenchmarkSwitcher
        .FromTypes(
            [typeof(GeneratorBenchmark), typeof(ListBuildBenchmark), typeof(TdmrBenchmark),
                typeof(SysConfigBenchmark)])
        .Run(args, DefaultConfig.Instance.AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(MillisecondsPerIteration))
            .WithMaxIterationCount(MaxIterations)));
}
