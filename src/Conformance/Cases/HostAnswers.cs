// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.Memblock;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Conformance.Cases;

/// <summary>What a subject answers that a recorded host case asks for.</summary>
/// <param name="BuiltMemlist">What build_tdx_memlist() makes of memblock, without faults.</param>
/// <param name="Status">tdx_module_status: 0 uninitialised, 1 initialised, 2 error.</param>
/// <param name="Tdmrs">TDMRs in use, or as they were when they were freed.</param>
internal sealed record HostAnswers(
    Trace Trace, HostEnvironment Environment, IReadOnlyList<MemblockRegion> Memory,
    IReadOnlyList<MemblockRegion> Reserved,
    IReadOnlyList<PfnRange> BuiltMemlist, int MemlistAfter, int Status, TdmrTable Tdmrs)
{
    public static HostAnswers OfReference(Scenario scenario)
    {
        var run = new ModelHost(KernelPolicy.Merged, Modules.Permissive).Run(scenario);
        var tdmrs = new TdmrTable();
        run.Tdmrs.Capture(tdmrs);
        return new HostAnswers(
            run.Trace, run.Environment, Regions(run.Memblock.Memory), Regions(run.Memblock.Reserved), run.BuiltMemlist,
                run.Memlist.Count, (int)run.Status, tdmrs);
    }

    public static HostAnswers OfKernel(KernelHost kernel, Scenario scenario)
    {
        // The list alone is built on a machine of its own: it must not count for the case.
        var driver = new SubjectDriver(kernel);
        driver.Run(WithoutSteps(scenario));
        var built = kernel.BuildMemlist();
        var trace = driver.Run(scenario);
        if (trace.HasCrashed)
            return new HostAnswers(trace, kernel.Environment, [], [], built, 0, -1, new TdmrTable());

        var last = trace.SnapshotAfter(trace.Steps.Length);
        return new HostAnswers(
            trace, kernel.Environment, last.Memory.ToArray(), last.Reserved.ToArray(), built, last.Memlist.Length,
                kernel.ModuleStatus, kernel.ReadTdmrs());
    }

    private static Scenario WithoutSteps(Scenario scenario)
    {
        var boot = new Scenario();
        boot.CopyFrom(scenario);
        boot.Steps.Clear();
        return boot;
    }

    private static List<MemblockRegion> Regions(MemblockType type)
    {
        var regions = new List<MemblockRegion>(type.Count);
        foreach (ref readonly var region in type.Regions)
            regions.Add(region);

        return regions;
    }
}
