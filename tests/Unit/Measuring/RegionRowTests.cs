// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Measuring;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;

namespace TdxVerify.Tests.Unit.Measuring;

/// <summary>The regions that the list build is measured with.</summary>
public sealed class RegionRowTests
{
    [Fact]
    public void TheListBuildPathGivesWhatTheWalkOverMemblockGives()
    {
        var memblock = new MemblockTable { Growth = ArrayGrowth.FromSlab };
        foreach (var region in RegionRow.Create(3000))
        {
            memblock.AddNode(region.Base, region.Size, region.Nid, region.Flags);
        }

        var entries = new PfnRange[memblock.Memory.Count];
        var count = MemlistBuild.Collect(memblock.Memory.Regions, entries);
        Assert.InRange(count, 1, memblock.Memory.Count - 1);
        Assert.All(entries[..count], static e => Assert.True(e.Start >= 0x100 && e.Start < e.End));
    }
}
