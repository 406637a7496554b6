// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Running;
using TdxVerify.Bench.Benchmarks;

namespace TdxVerify.Bench;

/// <summary>Runs the benchmarks: dotnet run -c Release --project src/Bench -- --filter '*'.</summary>
internal static class Program
{
    private static void Main(string[] args) => BenchmarkSwitcher.FromTypes([typeof(ListBuildBenchmark), typeof(TdmrBenchmark), typeof(SysConfigBenchmark)]).Run(args);
}
