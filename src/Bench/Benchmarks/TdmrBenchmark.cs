// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TdxVerify.Bench.Inputs;

namespace TdxVerify.Bench.Benchmarks;

/// <summary>From memblock to TDMRs with PAMTs and reserved areas, through the host code.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class TdmrBenchmark
{
    private TdmrHost _host = new(1);

    [Params(1, 4, 64)]
    public int Tdmrs { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _host = new TdmrHost(Tdmrs);
        if (_host.Enable() != 0 || _host.Tdmrs != Tdmrs)
            throw new InvalidOperationException($"{_host.Tdmrs} TDMRs instead of {Tdmrs}");
    }

    [Benchmark]
    public int Construct() => _host.Enable();
}
