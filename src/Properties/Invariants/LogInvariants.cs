// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family P, printk(): what the kernel says is true, and what matters is said.</summary>
internal static class LogInvariants
{
    private const ulong WarnBelow = 4;
    private const ulong Kib = 1024;

    public static IEnumerable<Invariant> All =>
    [
        new("P1", "a SEAMCALL that ends in -EIO is reported with its leaf and status, and no other is",
            AsMerged, "seamcall_err()", Evidence.Status, FailedCallsAreReported)
        {
            About = MergedChoices.LogLines,
        },
        new("P2", "boot reports the private KeyIDs, then the gate that is shut or that ACPI S3 is off", AsMerged,
            "tdx_init()", Evidence.Count, BootReportsGates)
        {
            About = MergedChoices.LogLines,
        },
        new("P3", "-ENOSPC is reported by one line that names what is exhausted, and nothing else is", AsMerged,
            "fill_out_tdmrs(), tdmr_add_rsvd_area()", Evidence.Count, ExhaustionIsReported)
        {
            About = MergedChoices.LogLines,
        },
        new("P4", "success is preceded by one line with the size of all PAMTs", AsMerged, "tdmrs_count_pamt_kb()",
            Evidence.Count, PamtsAreReported)
        {
            About = MergedChoices.LogLines,
        },
        new("P5", "TDMRs that come within four of the limit are reported, with both numbers", AsMerged,
            "fill_out_tdmrs(): TDMR_NR_WARN", Evidence.Count, NearLimitIsReported)
        {
            About = MergedChoices.TdmrPerRange,
        },
        new("P6", "a feature that is reported missing is missing", Contract,
            "tdx_enable() as an initcall, check_features()", Evidence.Count, MissingFeaturesAreMissing),
        new("P7", "a module that is not loaded is reported once", AsMerged, "try_init_module_global()",
            Evidence.Count, MissingModuleIsReported)
        {
            About = MergedChoices.LogLines,
        },
        new("P9", "registers are reported behind a TDH.SYS.RD or TDH.SYS.TDMR.INIT that failed, and nowhere else",
            AsMerged, "seamcall_err_ret()", Evidence.Count, RegistersAreReported)
        {
            About = MergedChoices.LogLines,
        },
        new("P8", "only boot and tdx_enable() report anything, but for a call that fails and a CPU that must stay",
            AsMerged, "tdx_init(), tdx_enable()", Evidence.Count, OthersAreSilent)
        {
            About = MergedChoices.LogLines,
        },
    ];

    private static Verdict OthersAreSilent(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            for (var at = steps[i].FirstEvent; at < steps[i].EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                if (e.Kind == TraceEventKind.Log && e.Log.Line != KernelLine.Other && steps[i].Owns(e)
                    && (steps[i].Step.Kind != StepKind.EnableTdx || (facts.EnableRan && i > facts.EnableStep))
                    && !MayReport(steps[i].Step.Kind, e.Log.Line))
                {
                    return Verdict.BrokenBy(0, 1).At(i + 1);
                }
            }
        }

        return Verdict.Holds;
    }

    /// <summary>Who is refused is told why, and a call that fails is told.</summary>
    private static bool MayReport(StepKind kind, KernelLine line) => line switch
    {
        KernelLine.PackageNeedsCpu => kind is StepKind.CpuOffline or StepKind.Suspend,
        KernelLine.SeamcallFailed or KernelLine.ModuleNotLoaded =>
            kind is StepKind.CpuOnline or StepKind.Suspend or StepKind.ModuleUpdate,
        KernelLine.SeamldrFailed or KernelLine.SeamcallRegistersLow or KernelLine.SeamcallRegistersHigh =>
            kind == StepKind.ModuleUpdate,
        KernelLine.DisableFailed => kind is StepKind.Shutdown or StepKind.Kexec or StepKind.Crash,
        _ => false,
    };

    private static Verdict FailedCallsAreReported(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events) || facts.Trace.HasEnded)
            return Verdict.NotObservable;

        // What each task still has to report: the index of its call + 1.
        Span<int> open = stackalloc int[Trace.MaxTasks];
        var events = facts.Events;
        for (var i = 0; i < events.Length; i++)
        {
            ref readonly var e = ref events[i];
            ref var call = ref open[e.Task];
            if (call > 0 && !EventFacts.IsRepeatedBy(events[call - 1], e))
            {
                if (!IsReport(e, events[call - 1]))
                    return Verdict.BrokenBy(events[call - 1].Seamcall.Status, 0);

                call = 0;
            }
            else if (IsFailureLine(e))
                return Verdict.BrokenBy(0, e.Log.Second);
            else
                call = IsToBeReported(e) ? i + 1 : 0;
        }

        return open.IndexOfAnyExcept(0) < 0 ? Verdict.Holds : Verdict.BrokenBy(1, 0);
    }

    private static Verdict RegistersAreReported(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events) || facts.Trace.HasEnded)
            return Verdict.NotObservable;

        // Lines that are due, by task: two behind the line of a call that returns registers, one behind the first.
        Span<int> due = stackalloc int[Trace.MaxTasks];
        foreach (ref readonly var e in facts.Events)
        {
            ref var lines = ref due[e.Task];
            var expected = lines == 2 ? KernelLine.SeamcallRegistersLow : KernelLine.SeamcallRegistersHigh;
            var isRegisters = e.IsLog(KernelLine.SeamcallRegistersLow) || e.IsLog(KernelLine.SeamcallRegistersHigh);
            if (lines > 0 ? !e.IsLog(expected) : isRegisters)
                return Verdict.BrokenBy((ulong)lines, 1);

            lines = lines > 0 ? lines - 1
                : e.IsLog(KernelLine.SeamcallFailed) && ReturnsRegisters(e.Log.First) ? 2
                : 0;
        }

        return due.IndexOfAnyExcept(0) < 0 ? Verdict.Holds : Verdict.BrokenBy(0, 1);
    }

    private static bool ReturnsRegisters(ulong leaf) =>
        leaf is SeamcallLeaf.SysRd or SeamcallLeaf.SysTdmrInit or SeamcallLeaf.SysInfo;

    private static bool IsToBeReported(in TraceEvent e) =>
        e.Kind == TraceEventKind.Seamcall && e.Seamcall.Leaf != SeamcallLeaf.PhymemPageRdmd
        && e.Seamcall.Status is not (TdxStatus.Success or TdxStatus.SeamcallVmFailInvalid or TdxStatus.SeamcallGp
            or TdxStatus.SeamcallUd);

    private static bool IsFailureLine(in TraceEvent e) => e.IsLog(KernelLine.SeamcallFailed)
        || e.IsLog(KernelLine.SeamldrFailed) || e.IsLog(KernelLine.DisableFailed);

    /// <summary>Each in its own words: seamldr.c, tdx_sys_disable(), and all others.</summary>
    private static bool IsReport(in TraceEvent e, in TraceEvent call)
    {
        if (call.IsCall(SeamcallLeaf.SysDisable))
            return e.IsLog(KernelLine.DisableFailed) && e.Log.First == call.Seamcall.Status;

        var isOfSeamldr = SeamcallLeaf.IsOfSeamldr(call.Seamcall.Leaf);
        return e.IsLog(isOfSeamldr ? KernelLine.SeamldrFailed : KernelLine.SeamcallFailed)
            && e.Log.First == call.Seamcall.Leaf && e.Log.Second == call.Seamcall.Status;
    }

    private static Verdict BootReportsGates(CaseFacts facts)
    {
        if (!facts.Trace.HasState || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var keyIds = facts.Scenario.Machine.KeyIds ?? KeyIdPartition.Usual;
        var faults = facts.Scenario.Faults;
        var lines = keyIds.TdxKeyIds == 0 ? 0 : 2;
        var last = keyIds.TdxKeyIds < 2 ? KernelLine.TooFewKeyIds
            : faults.HibernationAvailable ? KernelLine.HibernationEnabled
            : faults.NotifierRegistrationErrno != 0 ? KernelLine.NotifierFailed
            : KernelLine.DisableS3;
        var seen = 0;
        for (var i = 0; i < facts.Trace.BootEvents; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (e.Kind != TraceEventKind.Log || e.Log.Line == KernelLine.Other)
                continue;

            var isRight = seen == 0
                ? e.IsLog(KernelLine.BiosEnabled) && e.Log.First == keyIds.FirstPrivate
                    && e.Log.Second == unchecked(keyIds.FirstPrivate + keyIds.TdxKeyIds)
                : e.IsLog(last)
                    && (last != KernelLine.NotifierFailed || e.Log.Errno == faults.NotifierRegistrationErrno);
            if (!isRight || ++seen > lines)
                return Verdict.BrokenBy((ulong)lines, (ulong)seen).At(0);
        }

        return seen == lines ? Verdict.Holds : Verdict.BrokenBy((ulong)lines, (ulong)seen).At(0);
    }

    private static bool Shows(CaseFacts facts) => facts.EnableRan && facts.Sees(Observes.Events);

    private static Verdict ExhaustionIsReported(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        ulong told = 0;
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            told += e.IsLog(KernelLine.TdmrsExhausted)
                || (e.IsLog(KernelLine.ReservedAreasExhausted) && IsTdmr(facts, e.Log.Range)) ? 1UL : 0;
            if (e.IsLog(KernelLine.ReservedAreasExhausted) && !IsTdmr(facts, e.Log.Range))
                return Verdict.BrokenAt(e.Log.Range).At(facts.EnableStep + 1);
        }

        var expected = facts.Result == -Errno.Enospc ? 1UL : 0;
        return told == expected ? Verdict.Holds : Verdict.BrokenBy(expected, told).At(facts.EnableStep + 1);
    }

    /// <summary>A TDMR that memory asks for; where a design cuts TDMRs otherwise, any whole GiBs.</summary>
    private static bool IsTdmr(CaseFacts facts, AddressRange range)
    {
        if ((facts.Choices & MergedChoices.TdmrPerRange) == 0)
            return !range.IsEmpty && Pages.IsAligned(range.Start | range.End, Sizes.Page1G);

        return facts.Demand.Tdmrs.IndexOf(range) >= 0;
    }

    private static Verdict PamtsAreReported(CaseFacts facts)
    {
        if (!facts.Succeeded || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        ulong bytes = 0;
        foreach (ref readonly var chunk in facts.Chunks)
            bytes += chunk.Size;

        var told = 0;
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (!e.IsLog(KernelLine.PamtAllocated))
                continue;

            told++;
            if (e.Log.First != bytes / Kib)
                return Verdict.BrokenBy(bytes / Kib, e.Log.First).At(facts.EnableStep + 1);
        }

        return told == 1 ? Verdict.Holds : Verdict.BrokenBy(1, (ulong)told).At(facts.EnableStep + 1);
    }

    private static Verdict NearLimitIsReported(CaseFacts facts)
    {
        if (!Shows(facts))
            return Verdict.NotObservable;

        // "@tdmr_idx is always the index of the last valid TDMR", which an empty list has, too.
        var used = (ulong)Math.Max(facts.Demand.Tdmrs.Length, 1);
        var max = (ulong)facts.Scenario.Machine.Limits.MaxTdmrs;
        var hasTdmrs = facts.EventFacts.Live(AllocationSite.TdmrBuffer) > 0 || !facts.Chunks.IsEmpty;
        var expected = hasTdmrs && used <= max && max - used < WarnBelow ? 1UL : 0;
        ulong told = 0;
        for (var i = facts.EnableFirst; i < facts.EnableEnd; i++)
        {
            ref readonly var e = ref facts.Events[i];
            if (!e.IsLog(KernelLine.TdmrsNearLimit))
                continue;

            told++;
            if (e.Log.First != used || e.Log.Second != max)
                return Verdict.BrokenBy(used, e.Log.First).At(facts.EnableStep + 1);
        }

        // A failure right behind it leaves nothing that would say whether it was due.
        return told == expected || (told == 1 && !hasTdmrs && max - used < WarnBelow)
            ? Verdict.Holds
            : Verdict.BrokenBy(expected, told).At(facts.EnableStep + 1);
    }

    private static Verdict MissingFeaturesAreMissing(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        foreach (ref readonly var step in facts.Trace.Steps)
        {
            var told = 0;
            for (var at = step.FirstEvent; at < step.EndEvent; at++)
            {
                ref readonly var e = ref facts.Events[at];
                if (e.Kind != TraceEventKind.Log || IsMissing(facts, e.Log.Line) is not { } isMissing)
                    continue;

                if (!isMissing || ++told > 1 || step.Result >= 0)
                    return Verdict.BrokenBy(0, 1);
            }
        }

        return Verdict.Holds;
    }

    /// <summary>Null: the line is not about a feature.</summary>
    private static bool? IsMissing(CaseFacts facts, KernelLine line) => line switch
    {
        KernelLine.NoPlatform => !facts.Trace.SnapshotAfter(0).HasTdxHostCapability,
        KernelLine.XsaveMissing => (facts.Scenario.Choices.Missing & MissingFeatures.Xsave) != 0,
        KernelLine.Movdir64BMissing => (facts.Scenario.Choices.Missing & MissingFeatures.Movdir64B) != 0,
        KernelLine.SelfSnoopMissing => (facts.Scenario.Choices.Missing & MissingFeatures.SelfSnoop) != 0,
        KernelLine.NoRbpModMissing =>
            facts.Scenario.Machine.Features0 is { } features && (features & MetadataField.FeatureNoRbpMod) == 0,
        _ => null,
    };

    private static Verdict MissingModuleIsReported(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        ulong told = 0;
        ulong expected = 0;
        foreach (ref readonly var e in facts.Events)
        {
            told += e.IsLog(KernelLine.ModuleNotLoaded) ? 1UL : 0;
            expected += e.IsCall(SeamcallLeaf.SysInit) && e.Seamcall.Status == TdxStatus.SeamcallVmFailInvalid
                ? 1UL : 0;
        }

        return told == expected ? Verdict.Holds : Verdict.BrokenBy(expected, told);
    }
}
