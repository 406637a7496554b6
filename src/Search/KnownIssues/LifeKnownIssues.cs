// SPDX-License-Identifier: MIT

using System.Numerics;
using TdxVerify.Properties.Facts;

namespace TdxVerify.Search.KnownIssues;

/// <summary>What 7.x is known to break once TDX is up: CPUs, updates of the module, and the end of the
/// kernel.</summary>
internal static class LifeKnownIssues
{
    private const int EntropyTries = 10;

    public static IEnumerable<KnownIssue> All =>
    [
        new(
            "update-with-offline-cpu", "V3",
            "An update with a CPU offline shuts the module down, and P-SEAMLDR then waits for that CPU for ever: TDX "
                + "and all guests are lost.",
            "Reachable on real hardware: one CPU offline and one upload, and only a reboot helps.",
            "7.2 and 7.3",
            "seamldr_install_module(); the test of patches v2 to v4 was dropped",
            "update-params-of-header",
            static (facts, verdict) => HasOfflineCpu(facts, verdict.Step)),
        new(
            "no-cpu-online-after-failed-update", "V6",
            "Behind a failed update the hotplug callback stays: a CPU that comes online asks a module that is not "
                + "there, and can't come online at all.",
            "Reachable on real hardware behind any failed update; CPUs that a sleep took down are lost, too.",
            "7.2 and 7.3",
            "tdx_online_cpu(): tdx_cpu_enable(); reading of 7.3",
            "online-after-loss-einval",
            static (_, verdict) => unchecked((int)verdict.Got) is -Errno.Enodev or -Errno.Eio or -Errno.Eopnotsupp
                or -Errno.Eacces),
        new(
            "update-status-latches", "V7",
            "A status that means \"again\" in SEAMLDR.INSTALL, TDH.SYS.INIT, TDH.SYS.LP.INIT or TDH.SYS.UPDATE costs "
                + "the module, and all guests with it.",
            "Reachable on real hardware where the random number generator stays dry or another CPU is in SEAM; rare.",
            "7.2 and 7.3",
            "seamldr_call(), sc_retry(): TDX_RND_NO_ENTROPY alone is repeated; reading of 7.3",
            "entropy-once",
            static (facts, verdict) => verdict.Got != TdxStatus.RndNoEntropy
                || TriesOf(facts, verdict.Step) >= EntropyTries),
        new(
            "disable-unbounded", "E2",
            "A module whose TDH.SYS.DISABLE always says TDX_SYS_BUSY or TDX_INTERRUPTED_RESUMABLE keeps shutdown, "
                + "kexec or a crash dump in a loop for ever.",
            "Only with a defective module: it promises to get on.",
            "7.2 and 7.3",
            "tdx_sys_disable(): the loop has no bound; reading of 7.3",
            "disable-gives-up-on-busy",
            static (facts, verdict) => facts.Trace.IsEndless
                && verdict.Got is TdxStatus.SysBusy or TdxStatus.InterruptedResumable),
        new(
            "failed-init-stays-in-module", "E4",
            "A kernel that fails to initialise TDX behind TDH.SYS.INIT never calls TDH.SYS.DISABLE: the kernel that a "
                + "kexec starts can't initialise it either.",
            "Reachable on real hardware: any failure of the initcall, a -ENOSPC for instance, then a kexec; a reset "
                + "helps.",
            "7.2 and 7.3",
            "tdx_enable(): register_syscore() comes last; reading of 7.3",
            "shutdown-without-disable",
            static (facts, _) => !facts.Succeeded && Calls(facts, SeamcallLeaf.SysInit)
                && !Calls(facts, SeamcallLeaf.SysDisable)),
        new(
            "lost-module-stays-lost", "E4",
            "A kernel that lost the module in an update can't give it back: TDH.SYS.DISABLE fails, and the kernel "
                + "that a kexec starts finds no module that it could initialise.",
            "Reachable on real hardware behind any failed update; a reset helps.",
            "7.2 and 7.3",
            "tdx_sys_disable() asks a module that was shut down or is not there; reading of 7.3",
            "shutdown-without-disable",
            static (facts, _) => facts.Life.LossStep >= 0 && !Calls(facts, SeamcallLeaf.SysDisable)),
        new(
            "module-without-disable", "E4",
            "A module without TDH.SYS.DISABLE stays initialised: the kernel that a kexec starts can't initialise it, "
                + "and on CPUs with the partial-write erratum its writes poison what is still private.",
            "Reachable on real hardware with an older module; known to the authors and accepted.",
            "7.2 and 7.3",
            "tdx_sys_disable(): SYS_DISABLE (TDX_FEATURES0 bit 53) is not looked at; mail of 2026-03-16",
            "shutdown-without-disable",
            static (facts, _) => !HasSysDisable(facts) && FailedWith(facts, SeamcallLeaf.SysDisable)
                is TdxStatus.OperandInvalid or TdxStatus.SysNotReady),
        new(
            "offline-asserts-preemption", "K9",
            "tdx_offline_cpu() asserts that preemption is off, and the thread that runs it has it on.",
            "Seen on a running kernel with CONFIG_PROVE_LOCKING: a WARN a boot, which ends one with panic_on_warn.",
            "7.2 and 7.3",
            "tdx_cpu_flush_cache(): lockdep_assert_preemption_disabled(); recorded boots of 7.3",
            "seamcall-preemptible",
            static (facts, _) => AssertsOnlyWhereCpusLeave(facts)),
    ];

    private static bool HasOfflineCpu(CaseFacts facts, int step)
    {
        const int MaskBits = 64;
        var choices = facts.Scenario.Choices;
        var all = choices.Cpus + choices.OfflineCpus;
        return all < MaskBits
            && BitOperations.PopCount(facts.Trace.SnapshotAfter(step - 1).OnlineCpus) < all;
    }

    /// <summary>Answers in a row of one CPU at the end of a step that there is no entropy.</summary>
    private static int TriesOf(CaseFacts facts, int number)
    {
        var step = facts.Trace.Steps[number - 1];
        var most = 0;
        for (var at = step.FirstEvent; at < step.EndEvent; at++)
        {
            var tries = 0;
            for (var next = at; next < step.EndEvent && facts.Events[next].Kind == TraceEventKind.Seamcall
                && facts.Events[next].Seamcall.Status == TdxStatus.RndNoEntropy; next++)
            {
                tries++;
            }

            most = Math.Max(most, tries);
        }

        return most;
    }

    private static bool Calls(CaseFacts facts, ulong leaf)
    {
        foreach (var at in facts.EventFacts.Calls)
        {
            if (facts.Events[at].IsCall(leaf) && facts.Events[at].Seamcall.Succeeded)
                return true;
        }

        return false;
    }

    /// <summary>The last status of a leaf, its operand left out; success where it was never called.</summary>
    private static ulong FailedWith(CaseFacts facts, ulong leaf)
    {
        const ulong WithoutOperand = 0xFFFFFFFF00000000;
        var status = TdxStatus.Success;
        foreach (var at in facts.EventFacts.Calls)
        {
            if (facts.Events[at].IsCall(leaf))
                status = facts.Events[at].Seamcall.Status & WithoutOperand;
        }

        return status;
    }

    private static bool HasSysDisable(CaseFacts facts) =>
        ((facts.Scenario.Machine.Features0 ?? 0) & MetadataField.FeatureSysDisable) != 0;

    /// <summary>Behind each assertion the CPU is flushed or gives its reference back.</summary>
    private static bool AssertsOnlyWhereCpusLeave(CaseFacts facts)
    {
        var events = facts.Events;
        for (var at = 0; at < events.Length; at++)
        {
            if (events[at].Kind == TraceEventKind.Misused && events[at].Misuse == Misuse.Preemptible
                && (at + 1 == events.Length
                    || events[at + 1].Kind is not (TraceEventKind.CpuFlush or TraceEventKind.VmxPut)))
            {
                return false;
            }
        }

        return true;
    }
}
