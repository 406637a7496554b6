// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Diagnosis;

/// <summary>The whole answer about one log.</summary>
public sealed class Explanation
{
    public required string File { get; init; }

    /// <summary>The scenario with its gaps filled.</summary>
    public required CompletedScenario Completed { get; init; }

    public required Prediction Prediction { get; init; }

    /// <summary>Why these rules were taken.</summary>
    public required string ProfileReason { get; init; }

    public required LogCheck? Boot { get; init; }
    public required LogCheck? Pamt { get; init; }
    public required LogCheck? Outcome { get; init; }

    /// <summary>Why it fails, or why nothing can be told.</summary>
    public required string? Reason { get; init; }

    public required IReadOnlyList<Remedy> Remedies { get; init; }

    /// <summary>What can never go online while TDX is on.</summary>
    public required IReadOnlyList<NamedRange> Later { get; init; }

    /// <summary>What the log does not say, and lines that are cut or malformed.</summary>
    public required IReadOnlyList<string> Incomplete { get; init; }

    /// <summary>Lines that should have said something and are cut or malformed.</summary>
    public required int DamagedLines { get; init; }

    /// <summary>The log shows a failure that is not one of memory: firmware, KeyIDs, hibernation.</summary>
    public required bool FailsOnPlatform { get; init; }

    /// <summary>The machine would fail, or failed for a reason that no memory map shows.</summary>
    public bool Fails => FailsOnPlatform || (HasMemory ? Prediction.Errno != 0 : Reason is not null);

    /// <summary>Errno of the prediction, or of the platform's failure as far as the log shows it.</summary>
    public int Errno =>
        !FailsOnPlatform || Prediction.Errno != 0 ? Prediction.Errno : PlatformErrno(Completed.Scenario.Observed);

    /// <summary>Neither memory nor an outcome is in the log.</summary>
    public bool SaysNothing => !HasMemory && Completed.Scenario.Observed.Outcome == ObservedOutcome.NotSeen;

    /// <summary>Something is known of the machine's memory.</summary>
    public bool HasMemory => Completed.Source != MemorySource.Nothing;

    /// <summary>Explains a log.</summary>
    /// <exception cref="BadInputException">The kernel would not even boot with this memory map and command
    /// line.</exception>
    public static Explanation Of(LogFile log, ExplainOptions options)
    {
        try
        {
            return Explain(log, options);
        }
        catch (KernelPanicException panic)
        {
            throw new BadInputException(log.Path, $"the kernel panics while it boots: {panic.Message}");
        }
    }

    private static Explanation Explain(LogFile log, ExplainOptions options)
    {
        var scenario = log.Scenario;
        var (profile, why) = options.Profile is { } wanted
            ? (wanted, "chosen with --profile")
            : ProfileChoice.Of(scenario);
        scenario.Machine.Module = options.Module ?? scenario.Machine.Module;
        if (!scenario.Steps.Exists(static s => s.Kind == StepKind.EnableTdx))
            scenario.Steps.Add(Step.Enable);

        // A list that is built during boot is there before any memory can be added.
        scenario.Steps.InsertRange(profile.Policy.BuildsListDuringBoot ? scenario.Steps.Count : 0, options.Added);
        var completed = CompletedScenario.Of(scenario, profile.Policy.RequiresNoRbpMod);
        var prediction = Predictor.Predict(scenario, profile);
        if (options.Profile is null && TakesHolesFromCmrs(completed, prediction) is { } better)
            (prediction, why) = (better, "the log shows a success that holes from memblock would not allow");

        var platform = completed.IsNotEnabled
            ? Diagnosis.Reason.NotEnabled
            : Diagnosis.Reason.OfPlatform(scenario.Observed);
        return new Explanation
        {
            File = log.Path,
            Completed = completed,
            Prediction = prediction,
            ProfileReason = why,
            Boot = LogCheck.OfBoot(completed, prediction),
            Pamt = LogCheck.OfPamt(completed, prediction),
            Outcome = LogCheck.OfOutcome(completed, prediction),
            FailsOnPlatform = platform is not null,
            Reason = completed.Source == MemorySource.Nothing
                ? Diagnosis.Reason.OfObserved(scenario.Observed)
                : Diagnosis.Reason.Of(completed, prediction) ?? platform,
            Remedies = Diagnosis.Remedies.Find(completed, prediction),
            Later = HotpluggableMemory.Of(scenario, prediction.Memlist),
            DamagedLines = log.Diagnostics.Count,
            Incomplete = [.. Gaps(log, completed, prediction)],
        };
    }

    /// <summary>A kernel that has no release line and initialised with more holes than fit, to the KB of its PAMT
    /// line.</summary>
    private static Prediction? TakesHolesFromCmrs(CompletedScenario completed, Prediction prediction)
    {
        var scenario = completed.Scenario;
        if (prediction.Find(KernelLine.ReservedAreasExhausted) is null
            || scenario.Observed.Outcome != ObservedOutcome.Initialized || !completed.HasCmrs)
        {
            return null;
        }

        var other = Predictor.Predict(scenario, HostProfile.CmrHoles);
        return other.Succeeds && scenario.Observed.PamtKb == other.PamtKb ? other : null;
    }

    private static int PlatformErrno(Observed observed) => observed switch
    {
        { Errno: not 0 } => observed.Errno,
        { FailedLeaf: not null } => -Core.Cases.Errno.Eio,
        _ => -Core.Cases.Errno.Enodev,
    };

    private static IEnumerable<string> Gaps(LogFile log, CompletedScenario completed, Prediction prediction)
    {
        foreach (var note in completed.Notes)
            yield return note;

        if (ModuleProfile.Of(prediction.Module) is null)
            yield return $"TDX module {prediction.Module}: its checks are not known, only the kernel's part is judged";

        if (prediction.Nodes is NodeSource.SratRejected or NodeSource.SratIncomplete)
        {
            yield return prediction.Nodes == NodeSource.SratRejected
                ? "the SRAT contradicts itself: the kernel gives it up for one node"
                : "the SRAT leaves more than 1 MiB of RAM without a node: the kernel gives it up for one node";
        }

        foreach (var diagnostic in log.Diagnostics.Kept)
            yield return diagnostic.ToString();

        if (log.Diagnostics.Count > log.Diagnostics.Kept.Count)
            yield return $"{log.Diagnostics.Count - log.Diagnostics.Kept.Count} more lines are cut or malformed";
    }
}
