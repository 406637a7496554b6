// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Diagnosis;

/// <summary>Why TDX fails, in one sentence.</summary>
internal static class Reason
{
    /// <summary>Why a log that goes on to user space has no line of TDX.</summary>
    public const string NotEnabled =
        "the kernel says nothing of private KeyIDs: the BIOS does not split them (TDX, TME-MT), the CPU has none, or "
            + "the kernel is built without CONFIG_INTEL_TDX_HOST.";

    /// <summary>The reason of a predicted failure; null when there is none.</summary>
    public static string? Of(CompletedScenario completed, Prediction prediction)
    {
        if (prediction.Unknown is { } unknown)
            return $"this can't be told: {unknown}.";

        return prediction.Succeeds ? null : OfFailure(completed, prediction);
    }

    /// <summary>Why the log shows a failure that is not one of memory; null when it shows none.</summary>
    public static string? OfPlatform(Observed observed)
    {
        var isPlatform = observed.Outcome == ObservedOutcome.NoModule
            || observed.FailedLeaf is SeamcallLeaf.SysInit or SeamcallLeaf.SysLpInit
            || observed.Reason?.Line is KernelLine.NotEnabledByBios or KernelLine.HibernationEnabled
                or KernelLine.TooFewKeyIds or KernelLine.NotifierFailed or KernelLine.NoRbpModMissing;
        return isPlatform ? OfObserved(observed) : null;
    }

    /// <summary>What a log tells by its outcome alone; null when it shows no failure.</summary>
    public static string? OfObserved(Observed observed) => observed switch
    {
        { Outcome: ObservedOutcome.NoModule or ObservedOutcome.Failed, Reason.Line: KernelLine.NotEnabledByBios } =>
            "the BIOS splits the KeyIDs but does not enable TDX: look at the TDX, TME-MT and SGX settings.",
        { Outcome: ObservedOutcome.NoModule } =>
            "the TDX module was not loaded: the BIOS did not load the P-SEAMLDR or the module.",
        { FailedLeaf: SeamcallLeaf.SysRd, FailedStatus: TdxStatus.SysNotReady } =>
            "TDX module 1.0 has no TDH.SYS.RD, which this kernel needs: update the BIOS or the module to 1.5.",
        { FailedLeaf: SeamcallLeaf.SysInit } =>
            $"TDH.SYS.INIT refuses the platform with {Status(observed.FailedStatus)}: "
                + "firmware and module don't fit, usually an old BIOS.",
        { FailedLeaf: { } leaf } => Text($"{SeamcallLeaf.Name(leaf)} failed with {Status(observed.FailedStatus)}."),
        { Outcome: ObservedOutcome.Failed, Reason: { } reason } => $"the kernel says: {reason.Text}",
        { Outcome: ObservedOutcome.Failed } => Text($"the kernel gives no reason beside errno {observed.Errno}."),
        _ => null,
    };

    private static string OfFailure(CompletedScenario completed, Prediction prediction)
    {
        if (prediction.Find(KernelLine.ReservedAreasExhausted) is { } areas)
        {
            var tdmr = prediction.Tdmrs.First(t => t.Range.Start == areas.Log.First);
            var early = tdmr.Holes.Count > prediction.Limits.MaxReservedPerTdmr ? ", before any PAMT is counted" : "";
            var needs = Text($"({tdmr.Holes.Count} for holes, {tdmr.Pamts.Count} for PAMTs)");
            var limit = prediction.Limits.MaxReservedPerTdmr;
            return Text($"TDMR {tdmr.Range} needs {tdmr.Used} reserved areas {needs} ")
                + Text($"and the module takes {limit}{early}.");
        }

        if (prediction.Find(KernelLine.TdmrsExhausted) is not null)
        {
            return Text(
                $"the memory needs {prediction.TdmrsNeeded} TDMRs and the module takes {prediction.Limits.MaxTdmrs}.");
        }

        if (prediction.Find(KernelLine.SeamcallFailed) is { } call)
            return OfSeamcall(completed, prediction, call.Log.First, call.Log.Second);

        if (prediction.Find(KernelLine.MemoryNotInCmr) is { } range)
            return Text($"memory {range.Log.Range} is not in a single CMR.");

        if (prediction.Memlist.Count == 0)
            return "the machine has no memory above 1 MiB.";

        if (prediction.Find(KernelLine.TooFewKeyIds) is not null)
            return "TDX has fewer than two private KeyIDs: give it more in the BIOS.";

        if (prediction.FailedSite is { } site and not AllocationSite.Pamt)
        {
            return site == AllocationSite.TdmrBuffer
                ? "alloc_pages_exact() of the TDMR buffer failed."
                : $"kmalloc() of {ObjectOf(site)} failed.";
        }

        return prediction.Errno == -Errno.Enomem
            ? Text($"no node has {prediction.PamtKb} KB of contiguous memory for the PAMTs.")
            : $"a gate at boot keeps TDX off ({Errno.Name(prediction.Errno)}).";
    }

    private static string ObjectOf(AllocationSite site) => site switch
    {
        AllocationSite.MemlistEntry => "an entry of tdx_memlist",
        AllocationSite.TdmrPaArray => "the array of TDMR addresses",
        _ => "the mask of packages",
    };

    private static string OfSeamcall(CompletedScenario completed, Prediction prediction, ulong leaf, ulong status)
    {
        var start = Text($"{SeamcallLeaf.Name(leaf)} returns {Status(status)}");
        if (leaf == SeamcallLeaf.SysRd)
            return $"{start}: TDX module {prediction.Module} has no such leaf.";

        if (leaf != SeamcallLeaf.SysConfig)
            return start + ".";

        var outside = RangeSet.Of(prediction.Memlist.Select(static e => e.Bytes))
            .Except(completed.Scenario.Machine.ConvertibleMemory());
        return outside.Count == 0
            ? start + "."
            : Text($"{start}: memory {outside[0]}{(outside.Count > 1 ? $" and {outside.Count - 1} more" : "")} ")
                + "is not convertible.";
    }

    private static string Status(ulong status) =>
        Text($"0x{status:x16}{(TdxStatus.Name(status) is { } name ? $" ({name})" : "")}");
    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
