// SPDX-License-Identifier: MIT

using BenchmarkDotNet.Attributes;
using TdxVerify.Measuring;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Bench.Benchmarks;

/// <summary>The list-build path beside a copy of the same bytes.</summary>
[MemoryDiagnoser(displayGenColumns: false)]
public class ListBuildBenchmark
{
    private MemblockRegion[] _regions = [];
    private MemblockRegion[] _copies = [];
    private PfnRange[] _entries = [];

    [ParamsSource(nameof(Counts))]
    public int Regions { get; set; }
    public static IEnumerable<int> Counts => RegionRow.Counts;

    [GlobalSetup]
    public void SetUp()
    {
        _regions = RegionRow.Create(Regions);
        _copies = new MemblockRegion[Regions];
        _entries = new PfnRange[Regions];
    }

    [Benchmark(Baseline = true)]
    public void Copy() => _regions.AsSpan().CopyTo(_copies);

    [Benchmark]
    public int Build() => MemlistBuild.Collect(_regions, _entries);
}
