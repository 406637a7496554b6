// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Search.Coverage;

public static class CoverageCatalog
{
    private static readonly Strategy[] Both = [Strategy.Realistic, Strategy.Adversarial];
    private static readonly Strategy[] Free = [Strategy.Adversarial];

    public static IReadOnlyList<CoverageClass> All { get; } =
    [
        new("initialised", Both, static v => v.Succeeded),
        new("15 reserved areas in a TDMR", Both, static v => v.EnableRan && v.Demand.MaxAreas == 15),
        new("16 reserved areas in a TDMR", Both, static v => v.EnableRan && v.Demand.MaxAreas == 16),
        new("17 reserved areas in a TDMR", Both, static v => v.EnableRan && v.Demand.MaxAreas == 17),
        new("63 TDMRs", Free, static v => v.EnableRan && v.Demand.Tdmrs.Length == 63),
        new("64 TDMRs", Free, static v => v.EnableRan && v.Demand.Tdmrs.Length == 64),
        new("65 TDMRs", Free, static v => v.EnableRan && v.Demand.Tdmrs.Length == 65),
        new("a PAMT across two TDMRs", Free, HasPamtAcross),
        new("touching ranges on different nodes", Both, HasTouchingNodes),
        new("no SRAT or kernelcore=mirror", Both, static v => v.Scenario.Machine.Options != BootOptions.None
            || (v.Scenario.Machine.E820.Count > 0 && v.Scenario.Machine.Srat.Count == 0)),
        new("memory that is not convertible", Both,
            static v => v.EnableRan && !v.Pages.Eligible.FirstOutside(v.Pages.Convertible).IsEmpty),
        new("-ENOSPC", Both, static v => v.EnableRan && v.Result == -Errno.Enospc),
        new("kmalloc() fails", Both, static v => v.EventFacts.HasNullAt(AllocationSite.MemlistEntry)
            || v.EventFacts.HasNullAt(AllocationSite.TdmrPaArray)
            || v.EventFacts.HasNullAt(AllocationSite.PackageMask)),
        new("alloc_pages_exact() fails", Both, static v => v.EventFacts.HasNullAt(AllocationSite.TdmrBuffer)),
        new("alloc_contig_pages() fails", Both, static v => v.EventFacts.HasNullAt(AllocationSite.Pamt)),
        new("TDH.SYS.INIT fails", Both, static v => v.EventFacts.HasFailed(SeamcallLeaf.SysInit)),
        new("TDH.SYS.LP.INIT fails", Both, static v => v.EventFacts.HasFailed(SeamcallLeaf.SysLpInit)),
        new("TDH.SYS.RD fails", Both, static v => v.EventFacts.HasFailed(SeamcallLeaf.SysRd)),
        new("TDH.SYS.CONFIG fails", Both, static v => v.EventFacts.HasFailed(SeamcallLeaf.SysConfig)),
        new("TDH.SYS.KEY.CONFIG fails", Both, static v => v.EventFacts.HasFailed(SeamcallLeaf.SysKeyConfig)),
        new("TDH.SYS.TDMR.INIT fails", Both, static v => v.EventFacts.HasFailed(SeamcallLeaf.SysTdmrInit)),
        new("TDH.SYS.TDMR.INIT never ends", Both, static v => v.Trace.IsEndless),
        new("entropy is short", Both,
            static v => v.Scenario.Faults.Seamcalls.Exists(static f => f.Status == TdxStatus.RndNoEntropy)),
        new("hibernation or no notifier", Both,
            static v => v.Scenario.Faults.HibernationAvailable || v.Scenario.Faults.NotifierRegistrationErrno != 0),
        new("another KeyID partition", Both, static v => v.Scenario.Machine.KeyIds != KeyIdPartition.Usual),
        new("enabled twice", Both, static v => v.EnableRan && CountsAfter(v, StepKind.EnableTdx, static _ => true)),
        new("memory added before initialisation", Both, static v =>
            v.EnableRan && v.EnableStep > 0 && v.Trace.Steps[v.EnableStep - 1].Step.Kind == StepKind.AddMemory),
        new("memory added after initialisation", Both,
            static v => v.Succeeded && CountsAfter(v, StepKind.AddMemory, static _ => true)),
        new("a range may go online", Both,
            static v => v.Succeeded && CountsAfter(v, StepKind.GoingOnline, static s => s.Result == 0)),
        new("a range may not go online", Both,
            static v => v.Succeeded && CountsAfter(v, StepKind.GoingOnline, static s => s.Result != 0)),
        new("a range goes online without TDX", Both,
            static v => v.EnableRan && !v.Succeeded && CountsAfter(v, StepKind.GoingOnline, static _ => true)),
        new("a machine check after initialisation", Both,
            static v => v.Succeeded && CountsAfter(v, StepKind.MachineCheck, static _ => true)),
        new("a machine check after a failure", Both,
            static v => v.EnableRan && !v.Succeeded && CountsAfter(v, StepKind.MachineCheck, static _ => true)),
        .. SequenceClasses.All,
    ];

    private static bool HasPamtAcross(CaseFacts facts)
    {
        if (facts.HasDemandedTdmrs)
            return facts.Demand.HasPamtAcross;

        foreach (ref readonly var chunk in facts.Chunks)
        {
            if (facts.HasConfig && TdmrsWith(facts, chunk) > 1)
                return true;
        }

        return false;
    }

    private static int TdmrsWith(CaseFacts facts, AddressRange chunk)
    {
        var touched = 0;
        foreach (ref readonly var tdmr in facts.Tdmrs)
            touched += tdmr.Range.Overlaps(chunk) ? 1 : 0;

        return touched;
    }

    private static bool HasTouchingNodes(CaseFacts facts)
    {
        var regions = facts.Trace.SnapshotAfter(0).Memory;
        for (var i = 1; i < regions.Length; i++)
        {
            if (regions[i].Range.Start == regions[i - 1].Range.End && regions[i].Nid != regions[i - 1].Nid)
                return true;
        }

        return false;
    }

    private static bool CountsAfter(CaseFacts facts, StepKind kind, Func<StepRecord, bool> matches)
    {
        var steps = facts.Trace.Steps;
        for (var i = facts.EnableStep + 1; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == kind && matches(steps[i]))
                return true;
        }

        return false;
    }
}
