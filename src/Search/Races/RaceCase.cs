// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Scenarios;

namespace TdxVerify.Search.Races;

/// <summary>A task of kernel code: steps, one after another.</summary>
public sealed record RaceTask(string Name, params IReadOnlyList<Step> Steps);

/// <summary>What runs at the same time.</summary>
/// <param name="Before">Steps that are over when the tasks begin.</param>
public sealed record RaceCase(Scenario Scenario, IReadOnlyList<Step> Before, IReadOnlyList<RaceTask> Tasks)
{
    private const ulong BlockSize = 0x8000000;
    private const ulong Early = 0x38000000;
    private const ulong Removed = 0x100000000;
    private const ulong Added = 0x140000000;

    private const string Machine = """
        BIOS-e820: [mem 0x0000000000000000-0x000000000009efff] usable
        BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable
        BIOS-e820: [mem 0x0000000080000000-0x000000009fffffff] usable
        SRAT: Node 0 PXM 0 [mem 0x00000000-0xffffffff]
        virt/tdx: BIOS enabled: private KeyID range [32, 64)
        virt/tdx: CMR: [0x100000, 0x40000000)
        virt/tdx: CMR: [0x80000000, 0xa0000000)
        virt/tdx: CMR: [0x100000000, 0x200000000)
        tdxverify: env tdmr-init-step 0x0
        """;

    /// <summary>
    /// Two callers enable TDX while memory goes and comes. An initcall has enabled it before there is hotplug: there,
    /// what was offline comes back while other memory goes and comes.
    /// </summary>
    /// <returns>That, and the same where TDH.SYS.TDMR.INIT fails, so that enabling takes its way back.</returns>
    public static IReadOnlyList<RaceCase> Of(KernelPolicy policy)
    {
        var memory = new RaceTask(
            "hotplug",
            Step.OnMemory(StepKind.HotRemove, Removed, BlockSize),
            Step.OnMemory(StepKind.HotAdd, Added, BlockSize),
            Step.Online(Added, OnlineType.OnlineMovable));
        var added = Step.OnMemory(StepKind.HotAdd, Removed, BlockSize);
        var back = new RaceTask("comes back", Step.Online(Early, OnlineType.Online));
        var enable = new RaceTask("tdx_enable()", Step.Enable);
        RaceCase Make() => policy.BuildsListDuringBoot
            ? Of([Step.Enable, added, Step.Offline(Early)], back, memory)
            : Of([added], enable, enable, memory);
        var failing = Make();
        failing.Scenario.Faults.Seamcalls.Add(
            new SeamcallFault(SeamcallLeaf.SysTdmrInit, Nth: 1, Times: 1, TdxStatus.OperandInvalid));
        return [Make(), failing];
    }

    private static RaceCase Of(IReadOnlyList<Step> before, params IReadOnlyList<RaceTask> tasks)
    {
        var scenario = ScenarioText.Read(Machine);
        scenario.Steps.AddRange([.. before, .. tasks.SelectMany(static t => t.Steps)]);
        return new RaceCase(scenario, before, tasks);
    }
}
