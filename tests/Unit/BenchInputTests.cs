// SPDX-License-Identifier: MIT

using TdxVerify.Bench.Inputs;
using TdxVerify.Core.Addressing;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit;

/// <summary>What is measured does what it is said to do.</summary>
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

    [Fact]
    public void TheListBuildPathGivesWhatTheWalkOverMemblockGives()
    {
        var memblock = new MemblockTable { Growth = ArrayGrowth.FromSlab };
        foreach (var region in RegionRow.Create(3000))
        {
            memblock.AddNode(region.Base, region.Size, region.Nid, region.Flags);
        }

        var entries = new PfnRange[memblock.Memory.Count];
        var walked = new PfnRange[memblock.Memory.Count];
        var count = MemlistPath.Build(memblock.Memory.Regions, entries);
        Assert.InRange(count, 1, memblock.Memory.Count - 1);
        Assert.Equal(walked[..MemlistPath.Build(memblock, MemlistRules.Merged, walked)], entries[..count]);
        Assert.All(entries[..count], static e => Assert.True(e.Start >= 0x100 && e.Start < e.End));
    }
}
