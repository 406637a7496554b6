// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Search.Mutants;

/// <summary>Planted faults of SEAMCALLs.</summary>
internal static class SequenceMutants
{
    public static IEnumerable<Mutant> All =>
    [
        new("flush-missing", "caches are not flushed before the key is configured", "wbinvd_on_all_cpus() left out",
            With(new SequenceRules { Flush = FlushPoint.Never })),
        new("flush-before-pamts", "caches are flushed before PAMTs are allocated", "wbinvd_on_all_cpus() too early",
            With(new SequenceRules { Flush = FlushPoint.BeforePamts })),
        new("key-first-package", "only the first package gets its key", "loop over packages",
            With(new SequenceRules { KeyConfig = KeyConfigScope.FirstPackage })),
        new("key-every-cpu", "the key is configured on every CPU", "loop over CPUs",
            With(new SequenceRules { KeyConfig = KeyConfigScope.EveryCpu })),
        new("tdmr-init-first", "TDMRs are initialised before the key is configured",
            "order of init_tdmrs() and config_global_keyid()", With(new SequenceRules { InitsTdmrsFirst = true })),
        new("tdmr-init-once", "TDH.SYS.TDMR.INIT runs once a TDMR", "loop left out",
            With(new SequenceRules { TdmrInit = TdmrInitLoop.Once })),
        new("tdmr-init-from-next", "TDH.SYS.TDMR.INIT gets the returned address", "RCX = RDX",
            With(new SequenceRules { TdmrInit = TdmrInitLoop.FromReturned })),
        new("tdmr-init-past-end", "TDH.SYS.TDMR.INIT runs once more at the end", "next <= end",
            With(new SequenceRules { TdmrInit = TdmrInitLoop.PastEnd })),
        new("tdmr-init-skips-last", "the last TDMR is not initialised", "i < nr_consumed_tdmrs - 1",
            With(new SequenceRules { TdmrInit = TdmrInitLoop.SkipsLast })),
        new("tdmr-init-repeats-failure", "TDH.SYS.TDMR.INIT is repeated when it fails",
            "break left out; neighbour of the endless loop",
            With(new SequenceRules { TdmrInit = TdmrInitLoop.RepeatsFailure })),
        new("sys-init-retried", "TDH.SYS.INIT runs again after a failure", "H8: canonical/tdx issue 161",
            With(new SequenceRules { SysInit = SysInitRule.UntilSuccess })),
        new("sys-init-every-cpu", "TDH.SYS.INIT runs on every CPU", "sysinit_done left out",
            With(new SequenceRules { SysInit = SysInitRule.EveryCpu })),
        new("sys-init-forgets-failure", "a failed TDH.SYS.INIT counts as done", "H8: sysinit_ret left out",
            With(new SequenceRules { SysInit = SysInitRule.ForgetsFailure })),
        new("entropy-once", "a lack of entropy is not retried", "commit 1e66a7e27539 undone",
            With(new SequenceRules { EntropyTries = 1 })),
        new("entropy-nine", "a lack of entropy is tried nine times", "RDRAND_RETRY_LOOPS - 1",
            With(new SequenceRules { EntropyTries = 9 })),
        new("entropy-eleven", "a lack of entropy is tried eleven times", "do-while with one try more",
            With(new SequenceRules { EntropyTries = 11 })),
        new("retry-everything", "every failure is repeated", "retry on any status",
            With(new SequenceRules { RetriesEverything = true })),
        new("no-module-is-io", "a missing module is -EIO", "sc_retry_prerr(): a case left out",
            With(new SequenceRules { TakesMissingModuleForIo = true })),
        new("read-failure-ignored", "a failed TDH.SYS.RD is ignored", "H7: canonical/tdx issues 83 and 331",
            With(new SequenceRules { Ignores = IgnoredFailures.Read })),
        new("config-failure-ignored", "a failed TDH.SYS.CONFIG is ignored", "error not looked at",
            With(new SequenceRules { Ignores = IgnoredFailures.Config })),
        new("key-failure-ignored", "a failed TDH.SYS.KEY.CONFIG is ignored", "error not looked at",
            With(new SequenceRules { Ignores = IgnoredFailures.KeyConfig })),
        new("tdmr-init-failure-ignored", "a failed TDH.SYS.TDMR.INIT is ignored", "error not looked at",
            With(new SequenceRules { Ignores = IgnoredFailures.TdmrInit })),
        new("lp-init-failure-ignored", "a failed TDH.SYS.LP.INIT is ignored", "error not looked at",
            With(new SequenceRules { Ignores = IgnoredFailures.LpInit })),
        new("rdmd-failure-ignored",
            "a failed TDH.PHYMEM.PAGE.RDMD counts as a PAMT page; neighbour of the freed TDMR buffer",
            "is_pamt_page() without the status", With(new SequenceRules { Ignores = IgnoredFailures.PageRead })),
        new("config-one-more", "TDH.SYS.CONFIG is told of one TDMR more", "nr_consumed_tdmrs + 1",
            With(new SequenceRules { CountsOneMore = true })),
        new("config-guest-keyid", "TDH.SYS.CONFIG gets a KeyID of guests",
            "tdx_guest_keyid_start instead of tdx_global_keyid",
            With(new SequenceRules { ConfiguresGuestKeyId = true })),
        new("tdmrs-backwards", "the array of TDMRs is filled from the end", "config_tdx_module(): order",
            With(new SequenceRules { ListsTdmrsBackwards = true })),
        new("tdmrs-written-later", "TDMRs change after TDH.SYS.CONFIG", "buffer used again",
            With(new SequenceRules { WritesTdmrsLater = true })),
        new("lp-init-forgotten", "a CPU that is initialised is initialised again", "tdx_lp_initialized left out",
            With(new SequenceRules { ForgetsLps = true })),
        new("registers-left", "registers of the call before are left in place", "struct tdx_module_args not cleared",
            With(new SequenceRules { LeavesRegisters = true })),
    ];

    private static HostRules With(SequenceRules rules) => HostRules.Merged with { Sequence = rules };
}
