// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;

namespace TdxVerify.Search.KnownIssues;

/// <summary>All known issues of the merged kernel's design.</summary>
public static class KnownIssueCatalog
{
    private const ulong StatusMask = 0xFFFFFFFF00000000;
    private const int EntropyTries = 10;

    /// <summary>The known issue of that name and property, or null.</summary>
    public static KnownIssue? Find(string name, string property) =>
        All.FirstOrDefault(k => k.Name == name && k.Invariant == property);

    /// <summary>The known issue that a verdict on a case is, or null.</summary>
    public static KnownIssue? Of(CaseFacts facts, string property, Verdict verdict)
    {
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].Invariant == property && All[i].Matches(facts, verdict))
                return All[i];
        }

        return null;
    }

    public static IReadOnlyList<KnownIssue> All { get; } =
    [
        new(
            "freed-tdmr-buffer", "U3",
            "After a TDH.SYS.TDMR.INIT that failed, a machine check reads the TDMR buffer that was freed.",
            "Reachable on real hardware, if hardly ever: TDMR.INIT must fail late, and a machine check must then "
                + "hit a reserved page of a TDMR that is ready.",
            "6.8 to 7.3; from 7.1 on only while VMX is on",
            "is_pamt_page(): nr_consumed_tdmrs outlives the buffer; reading of 6.12",
            "rdmd-failure-asks-buffer",
            static (facts, verdict) => IsMachineCheck(facts, verdict) && FailedAt(facts, SeamcallLeaf.SysTdmrInit)
                && ReadsOnly(facts, AllocationSite.TdmrBuffer)),
        new(
            "endless-tdmr-init", "S9",
            "A module whose TDH.SYS.TDMR.INIT succeeds without getting on keeps the kernel in a loop for ever.",
            "Only with a defective module: every published one advances 4 MiB a call.",
            "6.8 to 7.3; from 7.1 on the machine does not come up",
            "init_tdmr(): the loop has no bound; reading of 6.12",
            "tdmr-init-repeats-failure",
            static (facts, _) => facts.Scenario.Choices.TdmrInitStalls && facts.Events is [.., var last]
                && last.Seamcall.Leaf == SeamcallLeaf.SysTdmrInit && LastCallSucceeded(facts)),
        new(
            "retryable-latches", "S24",
            "TDX_SYS_BUSY, TDX_OPERAND_BUSY or TDX_KEY_GENERATION_FAILED, which the module means to be repeated, "
                + "ends initialisation for ever.",
            "Reachable on real hardware where somebody else calls the module, or PCONFIG finds no entropy: rare, "
                + "and only a reboot helps.",
            "6.8 to 7.3; from 7.1 on not even loading KVM again helps",
            "sc_retry_prerr() repeats TDX_RND_NO_ENTROPY alone; reading of 6.12",
            "entropy-once",
            static (facts, verdict) => (verdict.Got & StatusMask) != TdxStatus.RndNoEntropy),
        new(
            "entropy-runs-out", "S24",
            "Ten times TDX_RND_NO_ENTROPY in a row end initialisation for ever.",
            "Reachable on real hardware only when the random number generator stays dry for ten calls.",
            "6.8 to 7.3",
            "RDRAND_RETRY_LOOPS; commit 1e66a7e27539",
            "entropy-nine",
            static (facts, verdict) =>
                (verdict.Got & StatusMask) == TdxStatus.RndNoEntropy && TriesAtEnd(facts) == EntropyTries),
        new(
            "too-many-holes", "A1",
            "A TDMR with more holes and PAMTs than reserved areas makes -ENOSPC, although holes that are "
                + "convertible need no reserved area.",
            "Reachable on real hardware: canonical/tdx issues 135 and 415. A kernel that takes holes from CMRs helps.",
            "6.8 to 7.3",
            "tdmr_populate_rsvd_holes(); patch v8 8/9",
            "areas-one-less",
            static (facts, _) => IsTooFull(facts) && 2 * facts.Demand.PamtsOfFullest <= facts.Demand.MaxAreas),
        new(
            "pamts-gather", "A1",
            "PAMTs of many TDMRs find room in one TDMR and take all of its reserved areas, although they touch "
                + "each other.",
            "Needs more than ten TDMRs on one node: memmap= fragments, or a free-form model. Real machines have at "
                + "most a few a node.",
            "6.8 to 7.3; on 7.3 a kexec handover with eight busy GiBs is enough",
            "tdmr_populate_rsvd_pamts(): touching areas are not joined; alloc_contig_pages() starts at the zone",
            "areas-one-less",
            static (facts, _) => IsTooFull(facts) && 2 * facts.Demand.PamtsOfFullest > facts.Demand.MaxAreas),
        new(
            "too-many-tdmrs", "A1",
            "More ranges than TDMRs make -ENOSPC, although TDMRs of touching GiBs could be one.",
            "Free-form only: real machines need at most 33 of 64 TDMRs.",
            "6.8 to 7.3; on 7.3 a kexec handover with 32 busy GiBs is enough",
            "fill_out_tdmrs(): touching TDMRs are not merged",
            "tdmrs-one-less",
            static (facts, _) => facts.Result == -Errno.Enospc && facts.FindInEnable(KernelLine.TdmrsExhausted) >= 0
                && facts.Demand.Tdmrs.Length > facts.Scenario.Machine.Limits.MaxTdmrs),
        new(
            "kho-cuts-list", "B4",
            "Behind a kexec handover memory is cut into KHO_SCRATCH and the rest at every GiB, and each piece has an "
                + "entry and TDMRs of its own: more TDMRs, more PAMTs, and with a few busy GiBs no TDX at all.",
            "Reachable on real hardware: a host of some hundred GiB with guests that live through a live update.",
            "7.3",
            "kho_extend_scratch(), for_each_mem_pfn_range(); reading of 7.3",
            "list-skips-flagged",
            static (facts, verdict) => verdict.Range.IsEmpty && IsHandedOver(facts.Scenario.Machine)),
        new(
            "mirror-cuts-list", "B4",
            "Mirrored memory and other memory of one node that touch are two entries, with TDMRs of their own.",
            "Reachable on real hardware with mirrored memory and kernelcore=mirror: few edges, so that it costs "
                + "little but what edge-in-block says.",
            "6.8 to 7.3",
            "for_each_mem_pfn_range(); reading of 6.12",
            "list-skips-flagged",
            static (facts, verdict) => verdict.Range.IsEmpty && !IsHandedOver(facts.Scenario.Machine)),
        .. HotplugKnownIssues.All,
        .. LifeKnownIssues.All,
        .. BlockKnownIssues.All,
    ];

    private static bool IsHandedOver(Machine machine)
    {
        foreach (var call in machine.MemblockCalls)
        {
            if (call.Kind == MemblockCallKind.MarkKhoScratch)
                return true;
        }

        return false;
    }

    private static bool IsTooFull(CaseFacts facts) =>
        facts.Result == -Errno.Enospc && facts.FindInEnable(KernelLine.ReservedAreasExhausted) >= 0
            && facts.Demand.MaxAreas > facts.Scenario.Machine.Limits.MaxReservedPerTdmr;

    private static bool IsMachineCheck(CaseFacts facts, Verdict verdict) =>
        verdict.Step > 0 && facts.Trace.Steps[verdict.Step - 1].Step.Kind == StepKind.MachineCheck;

    /// <summary>Whatever was freed and read is of one kind.</summary>
    private static bool ReadsOnly(CaseFacts facts, AllocationSite site)
    {
        foreach (ref readonly var e in facts.Events)
        {
            if (e.Kind == TraceEventKind.ReadAfterFree && !e.IsAt(TraceEventKind.ReadAfterFree, site))
                return false;
        }

        return true;
    }

    private static bool FailedAt(CaseFacts facts, ulong leaf)
    {
        var last = LastOfInit(facts);
        return last >= 0 && facts.Events[last].IsCall(leaf) && !facts.Events[last].Seamcall.Succeeded;
    }

    /// <summary>Index of the last call of enabling, TDH.SYS.DISABLE left out; -1: none.</summary>
    private static int LastOfInit(CaseFacts facts)
    {
        var calls = facts.EventFacts.EnableCalls;
        var last = calls.Length - 1;
        while (last >= 0 && facts.Events[calls[last]].IsCall(SeamcallLeaf.SysDisable))
            last--;

        return last < 0 ? -1 : calls[last];
    }

    private static bool LastCallSucceeded(CaseFacts facts) =>
        facts.Events.Length > 1 && facts.Events[^2].Kind == TraceEventKind.Seamcall
            && facts.Events[^2].Seamcall.Status == TdxStatus.Success;

    private static int TriesAtEnd(CaseFacts facts)
    {
        var tries = 0;
        var calls = facts.EventFacts.EnableCalls;
        var last = calls.IndexOf(LastOfInit(facts));
        while (tries <= last && facts.Events[calls[last - tries]].Seamcall.Status == TdxStatus.RndNoEntropy)
            tries++;

        return tries;
    }
}
