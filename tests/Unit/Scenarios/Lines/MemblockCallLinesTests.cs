// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Diagnosis;

namespace TdxVerify.Tests.Unit.Scenarios.Lines;

public sealed class MemblockCallLinesTests
{
    private const string Calls =
        "[    0.000000] memblock_add: [0x0000000000001000-0x000000000009efff] e820__memblock_setup+0x74/0xb0\n"
        + "[    0.000000] memblock_add: [0x0000000000100000-0x000000007fffffff] e820__memblock_setup+0x74/0xb0\n"
        + "[    0.000000] memblock_reserve: [0x0000000000000000-0x00000000000fffff] reserve_real_mode+0x1/0x2\n";

    [Fact]
    public void TracedCallsAreTheMemoryOfALogWithoutAMap()
    {
        var explanation = Explanation.Of(LogText.Read(Calls), ExplainOptions.None);
        Assert.Equal(MemorySource.MemblockCalls, explanation.Completed.Source);
        Assert.Equal([new PfnRange(0x1, 0x9f, 0), new PfnRange(0x100, 0x80000, 0)], explanation.Prediction.BootRanges);
    }

    [Fact]
    public void WithSratTheyHaveItsNodes()
    {
        var text = Calls + "SRAT: Node 0 PXM 0 [mem 0x00000000-0x3fffffff]\nSRAT: Node 1 PXM 1 [mem 0x40000000-0x7fffffff]\n";
        Assert.Equal(
            [new PfnRange(0x1, 0x9f, 0), new PfnRange(0x100, 0x40000, 0), new PfnRange(0x40000, 0x80000, 1)],
            Explanation.Of(LogText.Read(text), ExplainOptions.None).Prediction.BootRanges);
    }

    [Fact]
    public void TheyDoNotCountBesideAMap() => Assert.Empty(LogText.Read(LogText.Map + Calls).Scenario.Machine.MemblockCalls);

    [Fact]
    public void NodeAndFlagsOfAHotAddAreRead() => Assert.Equal(
        new MemblockCall(MemblockCallKind.Add, 0x100000000, 0x20000000, 1, MemblockFlags.DriverManaged),
        Assert.Single(LogText.Read("memblock_add_node: [0x100000000-0x11fffffff] nid=1 flags=8 add_memory_resource\n").Scenario.Machine.MemblockCalls));

    [Fact]
    public void ACutCallIsReported() => Assert.Equal(1, LogText.Read(LogText.Map + "memblock_add: [0x100000-0x1\n").Diagnostics.Count);
}
