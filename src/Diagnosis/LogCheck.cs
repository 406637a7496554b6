// SPDX-License-Identifier: MIT

namespace TdxVerify.Diagnosis;

/// <summary>A prediction compared with what the log shows.</summary>
/// <param name="What">Early ranges, PAMT size or outcome.</param>
public sealed record LogCheck(string What, bool Agrees, string Expected, string Got)
{
    /// <summary>Early memory node ranges; null when none are shown, or when they were the input.</summary>
    public static LogCheck? OfBoot(CompletedScenario completed, Prediction prediction)
    {
        var shown = completed.Scenario.Observed.EarlyRanges;
        if (shown.Count == 0 || completed.Source is not (MemorySource.MemoryMap or MemorySource.MemblockCalls))
            return null;

        return new LogCheck(
            "early memory node ranges", shown.SequenceEqual(prediction.BootRanges), Print(shown),
            Print(prediction.BootRanges));
    }

    /// <summary>PAMT size; null when none is shown or no memory is known.</summary>
    public static LogCheck? OfPamt(CompletedScenario completed, Prediction prediction)
    {
        if (completed.Scenario.Observed.PamtKb is not { } shown || completed.Source == MemorySource.Nothing)
            return null;

        return new LogCheck("PAMT size", shown == prediction.PamtKb, $"{shown} KB", $"{prediction.PamtKb} KB");
    }

    /// <summary>Success or errno; null when the log does not show it, or when it is not a question of
    /// memory.</summary>
    public static LogCheck? OfOutcome(CompletedScenario completed, Prediction prediction)
    {
        var observed = completed.Scenario.Observed;
        var isMemoryKnown = completed.Source != MemorySource.Nothing || IsModuleTooOld(observed);
        if (observed.Outcome is ObservedOutcome.NotSeen or ObservedOutcome.NoModule || !isMemoryKnown
            || prediction.Unknown is not null || IsFirmware(observed))
        {
            return null;
        }

        var succeeds = observed.Outcome == ObservedOutcome.Initialized;
        var shown = succeeds ? "initialized" : observed.Errno == 0 ? "failed" : $"failed ({observed.Errno})";
        var predicted = prediction.Errno == 0 ? "initialized" : observed.Errno == 0
            && !succeeds ? "failed" : $"failed ({prediction.Errno})";
        return new LogCheck("initialisation", shown == predicted, shown, predicted);
    }

    /// <summary>TDH.SYS.RD fails before the module is ready: only module 1.0 does that.</summary>
    private static bool IsModuleTooOld(Observed observed) => observed.FailedLeaf == SeamcallLeaf.SysRd;

    /// <summary>TDH.SYS.INIT and TDH.SYS.LP.INIT fail for reasons that no memory map shows.</summary>
    private static bool IsFirmware(Observed observed) =>
        observed.FailedLeaf is SeamcallLeaf.SysInit or SeamcallLeaf.SysLpInit;

    private static string Print(IEnumerable<PfnRange> ranges) =>
        string.Join(" ", ranges.Select(static r => $"{r.Nid}:[0x{r.Bytes.Start:x}, 0x{r.Bytes.End:x})"));
}
