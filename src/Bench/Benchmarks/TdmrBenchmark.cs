// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TdxVerify.Bench.Inputs;

namespace TdxVerify.Bench.Benchmarks;

/// <summary>From memblock to TDMRs with PAMTs and reserved areas, through the host code.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class TdmrBenchmark
{
    private TdmrHost _host = new(1);

    /// <summary>Number of TDMRs.</summary>
    [Params(1, 4, 64)]
    public int Tdmrs { get; set; }

    /// <summary>Makes the machine.</summary>
    /// <exception cref="InvalidOperationException">The machine leads to something else.</exception>
    [GlobalSetup]
    public void SetUp()
    {
        _host = new TdmrHost(Tdmrs);
        if (_host.Enable() != 0 || _host.Tdmrs != Tdmrs)
        {
            throw new InvalidOperationException($"{_host.Tdmrs} TDMRs instead of {Tdmrs}");
        }
    }

    /// <summary>A booting kernel that enables TDX.</summary>
    /// <returns>0.</returns>
    [Benchmark]
    public int Construct() => _host.Enable();
}
