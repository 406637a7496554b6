// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects;

namespace TdxVerify.Tests.Unit;

/// <summary>A machine made of memblock calls, with TDX enabled on it once.</summary>
internal sealed class TestMachine
{
    public const ulong K = 1UL << 10;
    public const ulong M = 1UL << 20;
    public const ulong G = 1UL << 30;

    public Scenario Scenario { get; } = new();

    public Choices Choices => Scenario.Choices;

    public Faults Faults => Scenario.Faults;

    /// <summary>RAM [start, end) and a module that takes everything; PAMTs outside all memory.</summary>
    public static TestMachine WithRam(params (ulong Start, ulong End, int Nid)[] ram)
    {
        var machine = new TestMachine();
        machine.Choices.Placement = PamtPlacement.Outside;
        machine.Choices.TdmrInitStep = 0;
        foreach (var (start, end, nid) in ram)
        {
            machine.Scenario.Machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, start, end - start, nid, 0));
        }

        machine.Scenario.Steps.Add(Step.Enable);
        return machine;
    }

    public TestMachine WithCmr(ulong start, ulong end)
    {
        Scenario.Machine.Cmrs.Add(new Cmr(start, end - start));
        return this;
    }

    public TestMachine WithPamts(PamtPlacement placement)
    {
        Choices.Placement = placement;
        return this;
    }

    /// <summary>PAMTs at these page frames, in the order in which they are asked for.</summary>
    public TestMachine WithPamtsAt(params ulong[] pfns)
    {
        Choices.Placement = PamtPlacement.Recorded;
        Choices.RecordedPamts.AddRange(pfns.Select(static p => (ulong?)p));
        return this;
    }

    public TestMachine Then(StepKind kind, ulong address, ulong size = 0)
    {
        Scenario.Steps.Add(kind switch
        {
            StepKind.EnableTdx => Step.Enable,
            StepKind.GoingOnline => Step.GoingOnline(address, size),
            _ => Step.OnMemory(kind, address, size),
        });
        return this;
    }

    public ModelHost Run(KernelPolicy? rules = null) =>
        new ModelHost(rules ?? KernelPolicy.Merged, Modules.Permissive).Run(Scenario);

    public ModelHost RunOn(ModuleProfile profile, KernelPolicy? rules = null) =>
        new ModelHost(rules ?? KernelPolicy.Merged, s => Modules.Simulated(s, profile)).Run(Scenario);

    public ModelHost RunOn(ISeamcall module, KernelPolicy? rules = null) =>
        new ModelHost(rules ?? KernelPolicy.Merged, _ => module).Run(Scenario);
}

/// <summary>Questions about what happened.</summary>
internal static class TraceQuestions
{
    public static int CountOf(this Trace trace, KernelLine line) =>
        trace.Events.Count(e => e.IsLog(line));

    public static TraceEvent Line(this Trace trace, KernelLine line) =>
        Assert.Single(trace.Events, e => e.IsLog(line));

    public static List<TraceEvent> Allocations(this Trace trace, AllocationSite site) =>
        [.. trace.Events.Where(e => e.IsAt(TraceEventKind.Allocate, site))];

    public static List<ulong> Leaves(this Trace trace) =>
        [.. trace.Events.Where(static e => e.Kind == TraceEventKind.Seamcall).Select(static e => e.Seamcall.Leaf)];

    public static int Enabled(this ModelHost run) => run.Trace.ResultOf(StepKind.EnableTdx) ?? throw new InvalidOperationException("TDX was not enabled");
}
