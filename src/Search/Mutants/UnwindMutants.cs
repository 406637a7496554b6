// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of the way out of failures.</summary>
internal static class UnwindMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("memlist-kept", "the list stays after a failure", "H9: memlist populated after failure",
            With(new UnwindRules { Leaks = Leaks.Memlist })),
        new("memlist-kept-on-enomem", "the list stays when memory runs out", "H9",
            With(new UnwindRules { Leaks = Leaks.MemlistOnNoMemory })),
        new("pa-array-leaked", "the array of TDMR addresses leaks", "config_tdx_module(): kfree()",
            With(new UnwindRules { Leaks = Leaks.PaArray })),
        new("package-mask-leaked", "the package mask leaks", "config_global_keyid(): free_cpumask_var()",
            With(new UnwindRules { Leaks = Leaks.PackageMask })),
        new("tdmr-buffer-leaked", "the TDMR buffer leaks after a failure", "err_free_tdmrs",
            With(new UnwindRules { Leaks = Leaks.TdmrBuffer })),
        new("pamts-leaked-before-config", "PAMTs leak when reserved areas fail", "construct_tdmrs()",
            With(new UnwindRules { Leaks = Leaks.PamtsBeforeConfig })),
        new("pamts-leaked-at-config", "PAMTs leak when TDH.SYS.CONFIG fails", "err_free_pamts",
            With(new UnwindRules { Leaks = Leaks.PamtsAtConfig })),
        new("pamts-leaked-after-config", "PAMTs leak when a later SEAMCALL fails", "err_free_pamts",
            With(new UnwindRules { Leaks = Leaks.PamtsAfterConfig })),
        new("unwind-without-flush", "caches are not flushed before PAMTs are given back",
            "err_reset_pamts: wbinvd_on_all_cpus()", With(new UnwindRules { SkipsFlush = true })),
        new("unwind-without-reset", "PAMTs are not converted back", "H18: kexec fixes; tdmrs_reset_pamt_all()",
            With(new UnwindRules { SkipsReset = true })),
        new("reset-after-free", "PAMTs are converted back after they are freed", "order of reset and free",
            With(new UnwindRules { ResetsAfterFree = true })),
        new("pamts-freed-twice", "PAMTs are freed twice", "H9: double free",
            With(new UnwindRules { FreesPamtsTwice = true })),
        new("tdmr-buffer-freed-twice", "the TDMR buffer is freed twice", "double free",
            With(new UnwindRules { FreesBufferTwice = true })),
        new("enable-retries", "a second tdx_enable() runs again after a failure", "tdx_module_status not latched",
            With(new UnwindRules { SecondEnable = SecondEnable.RetriesFailure })),
        new("enable-repeats", "a second tdx_enable() runs again after success", "tdx_module_status not looked at",
            With(new UnwindRules { SecondEnable = SecondEnable.RepeatsSuccess })),
        new("enable-refuses", "a second tdx_enable() is refused after success", "a case left out",
            With(new UnwindRules { SecondEnable = SecondEnable.RefusesAlways })),
        new("failure-silent", "a failure is not told", "pr_err() left out",
            With(new UnwindRules { Report = FailureReport.Silent })),
        new("failure-told-twice", "a failure is told twice", "pr_err() on two levels",
            With(new UnwindRules { Report = FailureReport.Twice })),
        new("failure-wrong-errno", "a failure is told with another errno", "pr_err() of a constant",
            With(new UnwindRules { Report = FailureReport.WrongErrno })),
        new("failure-returns-0", "tdx_enable() returns 0 after a failure", "return 0",
            With(new UnwindRules { Report = FailureReport.ReturnsSuccess })),
        new("hotplug-lock-kept", "mem_hotplug_lock is not released after a failure", "put_online_mems() skipped",
            With(new UnwindRules { KeepsHotplugLock = true })),
        new("hotplug-lock-first", "mem_hotplug_lock is taken before tdx_module_lock",
            "get_online_mems() in tdx_enable()", With(new UnwindRules { TakesHotplugLockFirst = true })),
    ];

    private static HostRules With(UnwindRules rules) => HostRules.Merged with { Unwind = rules };
}
