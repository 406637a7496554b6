// SPDX-License-Identifier: MIT

using TdxVerify.Bench.Inputs;

namespace TdxVerify.Tests.Unit.Bench.Inputs;

/// <summary>What the benchmarks run does what it is said to do.</summary>
public sealed class BenchInputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void TheHostBuildsThatManyTdmrsEveryTime(int tdmrs)
    {
        var host = new TdmrHost(tdmrs);
        Assert.Equal((0, tdmrs), (host.Enable(), host.Tdmrs));
        Assert.Equal((0, tdmrs), (host.Enable(), host.Tdmrs));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(64)]
    public void TheModuleTakesTheTableEveryTime(int tdmrs)
    {
        var table = new ConfigTable(tdmrs);
        Assert.Equal((0UL, 0UL), (table.Configure(), table.Configure()));
    }
}
