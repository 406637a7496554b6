// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family S, second part: what follows from a status of the module.</summary>
internal static class StatusInvariants
{
    private const int EntropyTries = 10;

    public static IEnumerable<Invariant> All =>
    [
        new("S20",
            "a SEAMCALL that fails decides the errno: no module -ENODEV, #GP -EOPNOTSUPP, #UD -EACCES, any other "
                + "status -EIO", AsMerged, "sc_retry_prerr()", Evidence.Result, DecidesErrno)
        {
            About = MergedChoices.Errnos,
        },
        new("S21", "these errnos are only returned after a SEAMCALL that failed", Contract, "sc_retry_prerr()",
            Evidence.Result, ErrnoHasCause),
        new("S22", "no SEAMCALL follows one that failed, but the same one where the module means it to be repeated",
            Safety, "init_tdx_module(): every error ends it",
            Evidence.Leaf, NothingFollowsFailure),
        new("S23", "TDX_RND_NO_ENTROPY is repeated up to ten times", AsMerged,
            "RDRAND_RETRY_LOOPS; commit 1e66a7e27539", Evidence.Count, EntropyIsRetried)
        {
            About = MergedChoices.TenTries,
        },
        new("S24", "a status that the module means to be repeated does not end in a lasting error", Contract,
            "TDX_SYS_BUSY, TDX_OPERAND_BUSY, TDX_KEY_GENERATION_FAILED: bit 62 is clear", Evidence.Status,
            RetryableDoesNotLatch),
        new("S25", "TDH.SYS.CONFIG accepts a table exactly when it is legal by the sets of its pages", Safety,
            "module 1.5: check_and_set_tdmrs()", Evidence.Status, ModuleAcceptsLegalTables),
        new("S26", "0 is only returned when every SEAMCALL succeeded in the end", Safety, "tdx_enable()",
            Evidence.Status, SuccessHasNoFailure),
    ];

    private static bool IsFailure(in TraceEvent call) =>
        call.Kind == TraceEventKind.Seamcall && call.Seamcall.Status != TdxStatus.Success;

    /// <summary>The last SEAMCALL of a step; -1: none.</summary>
    /// <summary>A call that enabling is about: that a failure ends with TDH.SYS.DISABLE is nobody's business
    /// here.</summary>
    private static bool IsOfInit(in StepRecord step, in TraceEvent e) =>
        e.Kind == TraceEventKind.Seamcall && step.Owns(e) && !e.IsCall(SeamcallLeaf.SysDisable);

    private static int LastCall(CaseFacts facts, in StepRecord step)
    {
        var events = facts.Events;
        for (var i = step.EndEvent - 1; i >= step.FirstEvent; i--)
        {
            if (IsOfInit(step, events[i]))
                return i;
        }

        return -1;
    }

    private static int ErrnoOf(ulong status) => status switch
    {
        TdxStatus.Success => 0,
        TdxStatus.SeamcallVmFailInvalid => -Errno.Enodev,
        TdxStatus.SeamcallGp => -Errno.Eopnotsupp,
        TdxStatus.SeamcallUd => -Errno.Eacces,
        _ => -Errno.Eio,
    };

    private delegate Verdict EnableRule(CaseFacts facts, in StepRecord step, int lastCall);

    private static readonly EnableRule DecidesErrnoOfStep = static (facts, in step, last) =>
    {
        if (last < 0 || !IsFailure(facts.Events[last]))
            return Verdict.Holds;

        var expected = ErrnoOf(facts.Events[last].Seamcall.Status);
        return step.Result == expected
            ? Verdict.Holds
            : Verdict.BrokenBy(unchecked((ulong)expected), unchecked((ulong)step.Result));
    };

    private static readonly EnableRule ErrnoOfStepHasCause = static (facts, in step, last) =>
    {
        // Without TDX -ENODEV is returned too, before any SEAMCALL.
        var isOfSeamcall = -step.Result is Errno.Eio or Errno.Eopnotsupp or Errno.Eacces
            || (step.Result == -Errno.Enodev && last >= 0);
        var hasCause = (last >= 0 && IsFailure(facts.Events[last]))
            || (step.Result == -Errno.Eopnotsupp && (facts.Scenario.Choices.Missing & MissingFeatures.Vmx) != 0);
        return !isOfSeamcall || hasCause
            || IsKept(facts, step) ? Verdict.Holds : Verdict.BrokenBy(0, unchecked((ulong)step.Result));
    };

    private static readonly EnableRule NothingFollowsFailureInStep = static (facts, in step, last) =>
    {
        var previous = -1;
        var events = facts.Events;
        for (var i = step.FirstEvent; i <= last; i++)
        {
            ref readonly var call = ref events[i];
            if (!IsOfInit(step, call))
                continue;

            if (previous >= 0 && IsFailure(events[previous]) && !EventFacts.IsRepeatedBy(events[previous], call))
            {
                return Verdict.BrokenBy(events[previous].Seamcall.Leaf, call.Seamcall.Leaf);
            }

            previous = i;
        }

        return Verdict.Holds;
    };

    private static readonly EnableRule EntropyIsRetriedInStep = static (facts, in step, last) =>
    {
        ulong tries = 0;
        var events = facts.Events;
        for (var i = step.FirstEvent; i <= last; i++)
        {
            ref readonly var call = ref events[i];
            if (!IsOfInit(step, call))
                continue;

            tries = call.Seamcall.Status == TdxStatus.RndNoEntropy ? tries + 1 : 0;
            if (tries > EntropyTries)
                return Verdict.BrokenBy(EntropyTries, tries);
        }

        return tries is 0 or EntropyTries ? Verdict.Holds : Verdict.BrokenBy(EntropyTries, tries);
    };

    private static readonly EnableRule SuccessOfStepHasNoFailure = static (facts, in step, last) =>
    {
        var events = facts.Events;
        for (var i = step.FirstEvent; i <= last && step.Result == 0; i++)
        {
            if (step.Owns(events[i]) && IsFailure(events[i]) && !SucceedsLater(facts, step, i, last))
                return Verdict.BrokenBy(TdxStatus.Success, events[i].Seamcall.Status);
        }

        return Verdict.Holds;
    };

    private static bool SucceedsLater(CaseFacts facts, in StepRecord step, int call, int last)
    {
        var events = facts.Events;
        for (var i = call + 1; i <= last; i++)
        {
            ref readonly var later = ref events[i];
            if (step.Owns(later) && EventFacts.IsRepeatedBy(events[call], later) && later.Seamcall.Succeeded)
                return true;
        }

        return false;
    }

    private static Verdict DecidesErrno(CaseFacts facts) => OnFailures(facts, DecidesErrnoOfStep);
    private static Verdict ErrnoHasCause(CaseFacts facts) => OnEnables(facts, ErrnoOfStepHasCause);
    private static Verdict NothingFollowsFailure(CaseFacts facts) => OnFailures(facts, NothingFollowsFailureInStep);
    private static Verdict EntropyIsRetried(CaseFacts facts) => OnFailures(facts, EntropyIsRetriedInStep);
    private static Verdict SuccessHasNoFailure(CaseFacts facts) => OnFailures(facts, SuccessOfStepHasNoFailure);

    private static Verdict OnFailures(CaseFacts facts, EnableRule rule) =>
        facts.Sees(Observes.Events) && !facts.EventFacts.HasFailedCall ? Verdict.Holds : OnEnables(facts, rule);

    private static Verdict OnEnables(CaseFacts facts, EnableRule rule)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var steps = facts.Trace.Steps;
        for (var i = 0; i < steps.Length; i++)
        {
            if (steps[i].Step.Kind == StepKind.EnableTdx)
            {
                var verdict = rule(facts, steps[i], LastCall(facts, steps[i]));
                if (verdict.IsBroken)
                    return verdict.At(i + 1);
            }
        }

        return Verdict.Holds;
    }

    /// <summary>TDH.SYS.INIT failed in an earlier step, and its result is kept.</summary>
    private static bool IsKept(CaseFacts facts, in StepRecord step)
    {
        for (var i = step.EndEvent - 1; i >= 0; i--)
        {
            ref readonly var e = ref facts.Events[i];
            if (e.IsCall(SeamcallLeaf.SysInit) && (i < step.FirstEvent || !step.Owns(e)))
                return e.Seamcall.Status != TdxStatus.Success && ErrnoOf(e.Seamcall.Status) == step.Result;
        }

        return false;
    }

    private static Verdict RetryableDoesNotLatch(CaseFacts facts)
    {
        if (!facts.EnableRan || !facts.Sees(Observes.Events) || facts.Result == 0)
            return Verdict.NotObservable;

        ref readonly var step = ref facts.Trace.Steps[facts.EnableStep];
        var last = LastCall(facts, step);
        var status = last < 0 ? TdxStatus.Success : facts.Events[last].Seamcall.Status;
        return TdxStatus.IsTransient(status) && !IsRepetition(facts, step, last)
            ? Verdict.BrokenBy(TdxStatus.Success, status).At(facts.EnableStep + 1)
            : Verdict.Holds;
    }

    /// <summary>How often a status is met before a kernel gives up is its choice; TDX_RND_NO_ENTROPY is a known
    /// issue.</summary>
    private static bool IsRepetition(CaseFacts facts, in StepRecord step, int call)
    {
        var events = facts.Events;
        for (var i = call - 1; i >= step.FirstEvent; i--)
        {
            if (events[i].Kind == TraceEventKind.Seamcall && step.Owns(events[i]))
            {
                return events[i].Seamcall.Status == events[call].Seamcall.Status
                    && events[i].Seamcall.Status != TdxStatus.RndNoEntropy
                    && EventFacts.IsRepeatedBy(events[i], events[call]);
            }
        }

        return false;
    }

    private static Verdict ModuleAcceptsLegalTables(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs | Observes.Events) || !ConfigPredicate.Applies(facts))
            return Verdict.NotObservable;

        var status = facts.Events[facts.ConfigEvent].Seamcall.Status;
        return ConfigPredicate.IsLegal(facts) == (status == TdxStatus.Success)
            ? Verdict.Holds
            : Verdict.BrokenBy(status == TdxStatus.Success ? TdxStatus.InvalidTdmr : TdxStatus.Success, status)
                .At(facts.EnableStep + 1);
    }
}
