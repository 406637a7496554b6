// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Tests.Unit.Scenarios.Lines;

public sealed class DirectiveTests
{
    private static Scenario Read(params string[] lines) =>
        LogText.Read(LogText.Map + string.Concat(lines.Select(static l => "tdxverify: " + l + "\n"))).Scenario;

    [Theory]
    [InlineData("stp enable")]
    [InlineData("step enabel")]
    [InlineData("step enable now")]
    [InlineData("step add 0x1000")]
    [InlineData("step add 1000+0x1000")]
    [InlineData("step machine-check")]
    [InlineData("profile")]
    [InlineData("module 1")]
    [InlineData("module 1.5x")]
    [InlineData("features0 12")]
    [InlineData("cpuid-configs 65536")]
    [InlineData("limits max_tdmrs=64")]
    [InlineData("limits max_tdmrs=65536 max_reserved=16 pamt=16,16,16")]
    [InlineData("mirror 0x1000-0x1fff")]
    [InlineData("mirror [mem 0x2000-0x1fff]")]
    [InlineData("later [mem 0x2000]")]
    [InlineData("memblock grow 0x1000+0x1000")]
    [InlineData("memblock add 0x1000-0x1000")]
    [InlineData("memblock alloc 0x0+0x1000 align=0x3000")]
    [InlineData("memblock add 0x1000+0x1000 nid=0")]
    [InlineData("fault kmalloc x")]
    [InlineData("fault notifier 5")]
    [InlineData("fault seamcall 33 1 0x0")]
    [InlineData("env cpus 0")]
    [InlineData("env cpus 8193")]
    [InlineData("env no-errata")]
    [InlineData("env pamt some")]
    [InlineData("")]
    public void TypoIsAnErrorWithFileAndLine(string directive)
    {
        var problem = Assert.Throws<BadInputException>(() => LogText.Read(LogText.Map + "tdxverify: " + directive + "\n"));
        Assert.StartsWith("boot.log:2: expected ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepsAreReadInOrder() =>
        Assert.Equal(
            [
                Step.Enable,
                Step.OnMemory(StepKind.AddMemory, 0x1_0000_0000, 0x800_0000, 1),
                Step.GoingOnline(0x100000, 0x8000),
                Step.At(StepKind.MachineCheck, 0x1000),
            ],
            Read("step enable", "step add 0x100000000+0x8000000@1", "step going-online 0x100000+0x8000", "step machine-check 0x1000").Steps);

    [Fact]
    public void MachineIsCompleted()
    {
        var machine = Read(
            "module 1.5", "features0 0x40000", "cpuid-configs 129", "limits max_tdmrs=4 max_reserved=2 pamt=16,8,4", "mirror [mem 0x1000-0x1fff]",
            "later [mem 0x100000000-0x1ffffffff] CXL Window 0").Machine;
        Assert.Equal(new ModuleVersion(1, 5), machine.Module);
        Assert.Equal((0x40000UL, 129UL), (machine.Features0, machine.CpuidConfigs));
        Assert.Equal(new ModuleLimits(4, 2, 16, 8, 4), machine.Limits);
        Assert.Equal([new AddressRange(0x1000, 0x2000)], machine.Mirrored);
        Assert.Equal([new NamedRange(new AddressRange(0x1_0000_0000, 0x2_0000_0000), "CXL Window 0")], machine.HotpluggableMemory);
    }

    [Theory]
    [InlineData("add", MemblockCallKind.Add)]
    [InlineData("remove", MemblockCallKind.Remove)]
    [InlineData("reserve", MemblockCallKind.Reserve)]
    [InlineData("free", MemblockCallKind.Free)]
    [InlineData("set_node", MemblockCallKind.SetNode)]
    [InlineData("mark_hotplug", MemblockCallKind.MarkHotplug)]
    [InlineData("mark_mirror", MemblockCallKind.MarkMirror)]
    [InlineData("mark_nomap", MemblockCallKind.MarkNomap)]
    [InlineData("clear_hotplug", MemblockCallKind.ClearHotplug)]
    [InlineData("clear_nomap", MemblockCallKind.ClearNomap)]
    [InlineData("trim", MemblockCallKind.Trim)]
    [InlineData("set_node_reserved", MemblockCallKind.SetNodeReserved)]
    [InlineData("mark_noinit", MemblockCallKind.MarkNoinit)]
    [InlineData("bottom_up", MemblockCallKind.BottomUp)]
    [InlineData("current_limit", MemblockCallKind.CurrentLimit)]
    [InlineData("alloc", MemblockCallKind.Alloc)]
    [InlineData("alloc_exact_nid", MemblockCallKind.AllocExact)]
    [InlineData("phys_alloc", MemblockCallKind.PhysAlloc)]
    [InlineData("overlaps", MemblockCallKind.Overlaps)]
    [InlineData("overlaps_reserved", MemblockCallKind.OverlapsReserved)]
    [InlineData("walk", MemblockCallKind.Walk)]
    [InlineData("allow_resize", MemblockCallKind.AllowResize)]
    public void EveryMemblockCallHasAWord(string word, MemblockCallKind kind) =>
        Assert.Equal(
            [new(kind, 0x1000, 0x2000, PfnRange.MaxNumnodes, 0), new(kind, 0x1000, 0x2000, 3, MemblockFlags.Hotplug)],
            Read($"memblock {word} 0x1000+0x2000", $"memblock {word} 0x1000+0x2000 node=3 flags=0x1").Machine.MemblockCalls);

    [Fact]
    public void AnAllocationHasBounds() => Assert.Equal(
        [new(MemblockCallKind.PhysAlloc, 0x1000, 0x2000, 1, 0, 0x8000, 0x40)],
        Read("memblock phys_alloc 0x1000+0x2000 node=1 limit=0x8000 align=0x40").Machine.MemblockCalls);

    [Fact]
    public void FaultsAreRead()
    {
        var faults = Read(
            "fault kmalloc 2", "fault contig 3", "fault pages-exact 4", "fault hibernation", "fault notifier -12", "fault seamcall 33 1 2 0xc000090000000000").Faults;
        Assert.Equal((2, 3, 4, true, -12), (faults.FailingKmalloc, faults.FailingContig, faults.FailingPagesExact, faults.HibernationAvailable, faults.NotifierRegistrationErrno));
        Assert.Equal([new SeamcallFault(33, 1, 2, 0xc000090000000000)], faults.Seamcalls);
    }

    [Fact]
    public void ChoicesAreRead()
    {
        var choices = Read("env cpus 8", "env cpus-per-package 4", "env offline-cpus 2", "env tdmr-init-step 0x1000", "env no-erratum", "env pamt 0x100000", "env pamt none").Choices;
        Assert.Equal(2, choices.OfflineCpus);
        Assert.Equal((8, 4, 0x1000UL, false), (choices.Cpus, choices.CpusPerPackage, choices.TdmrInitStep, choices.PartialWriteErratum));
        Assert.Equal(PamtPlacement.Recorded, choices.Placement);
        Assert.Equal([0x100000UL, null], choices.RecordedPamts);
    }

    [Theory]
    [InlineData("first-fit", PamtPlacement.FirstFit, 0UL)]
    [InlineData("top-down", PamtPlacement.TopDown, 0UL)]
    [InlineData("bottom-up", PamtPlacement.BottomUp, 0UL)]
    [InlineData("outside", PamtPlacement.Outside, 0UL)]
    [InlineData("recorded", PamtPlacement.Recorded, 0UL)]
    [InlineData("adversarial 0xfedcba9876543210", PamtPlacement.Adversarial, 0xfedcba9876543210)]
    public void PlacementIsRead(string words, PamtPlacement placement, ulong bits)
    {
        var choices = Read("env tdmr-init-stalls", "env pamt none", $"env placement {words}").Choices;
        Assert.Equal((placement, bits, true), (choices.Placement, choices.PlacementBits, choices.TdmrInitStalls));
    }

    [Theory]
    [InlineData("env placement")]
    [InlineData("env placement sideways")]
    [InlineData("env placement adversarial")]
    [InlineData("env placement adversarial 12")]
    [InlineData("env placement outside 0x1")]
    [InlineData("env tdmr-init-stalls 1")]
    public void PlacementWithATypoIsAnError(string directive) => Assert.Throws<BadInputException>(() => Read(directive));

    [Fact]
    public void ProfileIsNamed() => Assert.Equal("v6.12", Read("profile v6.12").Profile);

    [Fact]
    public void QuotedDirectiveCounts() =>
        Assert.Equal([Step.Enable], LogText.Read(LogText.Map + "> tdxverify: step enable\r\n").Scenario.Steps);

    [Fact]
    public void DirectiveInsideAnotherLineIsNone() =>
        Assert.Empty(LogText.Read(LogText.Map + "systemd[1]: tdxverify: step enable\n").Scenario.Steps);
}
