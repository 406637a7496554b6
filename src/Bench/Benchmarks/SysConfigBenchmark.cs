// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TdxVerify.Bench.Inputs;

namespace TdxVerify.Bench.Benchmarks;

/// <summary>The module's checks of TDH.SYS.CONFIG on a table that passes them all.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class SysConfigBenchmark
{
    private ConfigTable _table = new(1);

    [Params(1, 4, 64)]
    public int Tdmrs { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _table = new ConfigTable(Tdmrs);
        if (_table.Configure() is var status && status != TdxStatus.Success)
            throw new InvalidOperationException($"TDH.SYS.CONFIG returns 0x{status:x}");
    }

    [Benchmark]
    public ulong Configure() => _table.Configure();
}
