// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;

using TdxVerify.Scenarios;

namespace TdxVerify.Tests.Quality;

/// <summary>A case that the harness itself fails on ends the search, and says what it was.</summary>
public sealed class CampaignFailureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void AWorkerThatFailsIsTold(int workers)
    {
        // mem= that leaves nothing makes the kernel panic before there is anything to judge.
        var origin = new Scenario();
        origin.Machine.E820.Add(new E820Entry(0x100000, 0x40000000, E820Type.Ram));
        origin.Machine.Options = BootOptions.None with { MemoryWords = "mem=4K" };
        var campaign = Searches.Run(Searches.Options(null, 5000) with { Origin = ScenarioWriter.Write(origin), Workers = workers });
        Assert.IsType<KernelPanicException>(campaign.Failure);

        // One worker fails on the first case. With more, rows that began behind it may have come further before they heard of it.
        Assert.InRange(campaign.Cases, 0UL, workers == 1 ? 0UL : 100);
        Assert.Empty(campaign.Violations);
    }
}
