// SPDX-License-Identifier: MIT

using TdxVerify.Properties.Facts;
using static TdxVerify.Properties.Invariants.PropertyClass;

namespace TdxVerify.Properties.Invariants;

/// <summary>Family S, first part: which SEAMCALLs are made, in which order, with which operands.</summary>
internal static class SequenceInvariants
{
    private const int MaxPackages = 1024;

    public static IEnumerable<Invariant> All =>
    [
        new("S1",
            "TDH.SYS.CONFIG comes after TDH.SYS.LP.INIT on every online CPU, TDH.SYS.KEY.CONFIG after "
                + "TDH.SYS.CONFIG, TDH.SYS.TDMR.INIT after TDH.SYS.KEY.CONFIG on every package", Safety,
                "module states SYSINIT_DONE, SYSCONFIG_DONE, SYS_READY", Evidence.Leaf, AreInOrder),
        new("S2", "TDH.SYS.INIT runs at most once on a module that is loaded, and its result is kept", Contract,
            "try_init_module_global()",
            Evidence.Count, SysInitRunsOnce),
        new("S3", "TDH.SYS.LP.INIT does not run on a CPU that is initialised", Contract, "tdx_cpu_enable()",
            Evidence.Count, LpInitRunsOncePerLp),
        new("S4", "TDH.SYS.KEY.CONFIG runs at most once a package", Contract,
            "config_global_keyid(): once per package", Evidence.Count, KeyConfigRunsOncePerPackage),
        new("S5", "registers that a leaf doesn't take are zero", Contract,
            "TDH.SYS.INIT: RCX must be 0; struct tdx_module_args is cleared", Evidence.Leaf, LeaveRegistersZero),
        new("S6", "TDH.SYS.CONFIG gets the global KeyID", Safety, "config_tdx_module()", Evidence.Count,
            ConfigGetsGlobalKeyId),
        new("S7", "caches are flushed between the last PAMT allocation and the first TDH.SYS.KEY.CONFIG", Safety,
            "config_global_keyid(): wbinvd_on_all_cpus()", Evidence.Count, FlushesBeforeKeyConfig),
        new("S8", "when initialisation succeeds, every TDMR was initialised to its end", Safety, "init_tdmr()",
            Evidence.Address, TdmrsAreDone),
        new("S9", "TDH.SYS.TDMR.INIT ends even if the module does not advance", Contract,
            "init_tdmr(): the loop has no bound", Evidence.Leaf,
            static v => v.Sees(Observes.Events) ? Ends(v) : Verdict.NotObservable),
        new("S10", "TDH.SYS.TDMR.INIT is given the base of a TDMR", Safety, "TDH.SYS.TDMR.INIT: TDX_OPERAND_INVALID",
            Evidence.Address, TdmrInitGetsBases),
        new("S11", "when initialisation succeeds, every package has its key", Safety, "config_global_keyid()",
            Evidence.Count, EveryPackageHasItsKey),
    ];

    private static Verdict AreInOrder(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var lps = 0;
        var packages = 0;
        var isConfigured = false;
        var events = facts.Events;
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref events[at];
            var isLegal = call.Seamcall.Leaf switch
            {
                SeamcallLeaf.SysConfig => lps >= facts.Scenario.Choices.Cpus,
                SeamcallLeaf.SysKeyConfig => isConfigured,
                SeamcallLeaf.SysTdmrInit => packages >= facts.Scenario.Choices.Packages,
                _ => true,
            };
            if (!isLegal)
            {
                return Verdict.BrokenBy(
                    call.Seamcall.Leaf == SeamcallLeaf.SysConfig
                        ? SeamcallLeaf.SysLpInit
                        : call.Seamcall.Leaf == SeamcallLeaf.SysKeyConfig
                            ? SeamcallLeaf.SysConfig
                            : SeamcallLeaf.SysKeyConfig, call.Seamcall.Leaf);
            }

            var succeeded = call.Seamcall.Succeeded;
            lps += succeeded && call.Seamcall.Leaf == SeamcallLeaf.SysLpInit ? 1 : 0;
            packages += succeeded && call.Seamcall.Leaf == SeamcallLeaf.SysKeyConfig ? 1 : 0;
            isConfigured |= succeeded && call.Seamcall.Leaf == SeamcallLeaf.SysConfig;
        }

        return Verdict.Holds;
    }

    private static Verdict SysInitRunsOnce(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        ulong inits = 0;
        var failed = false;
        var events = facts.Events;
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref events[at];
            if (call.Seamcall.Leaf != SeamcallLeaf.SysInit)
            {
                if (failed && !IsOfLostModule(call.Seamcall.Leaf))
                    return Verdict.BrokenBy(0, 1);

                if (EndsModule(call))
                    (inits, failed) = (0, false);

                continue;
            }

            // A call that the module means to be repeated did nothing.
            inits += TdxStatus.IsTransient(call.Seamcall.Status) ? 0UL : 1;
            failed = call.Seamcall.Status != TdxStatus.Success && call.Seamcall.Status != TdxStatus.RndNoEntropy;
            if (inits > 1)
                return Verdict.BrokenBy(1, inits);
        }

        return Verdict.Holds;
    }

    /// <summary>The module was shut down: what is initialised from now on is another one.</summary>
    private static bool EndsModule(in TraceEvent call) =>
        call.IsCall(SeamcallLeaf.SysShutdown) && call.Seamcall.Succeeded;

    /// <summary>What asks a module that may not be there: a machine check, another update, the end of the
    /// kernel.</summary>
    private static bool IsOfLostModule(ulong leaf) => SeamcallLeaf.IsOfSeamldr(leaf)
        || leaf is SeamcallLeaf.PhymemPageRdmd or SeamcallLeaf.SysDisable or SeamcallLeaf.SysRd;

    private static Verdict LpInitRunsOncePerLp(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        Span<ulong> done = stackalloc ulong[8192 / 64];
        var events = facts.Events;
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref events[at];
            if (EndsModule(call))
            {
                done.Clear();
            }
            else if (call.IsCall(SeamcallLeaf.SysLpInit))
            {
                var bit = 1UL << (call.Seamcall.Lp % 64);
                if ((done[call.Seamcall.Lp / 64] & bit) != 0)
                    return Verdict.BrokenBy(1, 2);

                done[call.Seamcall.Lp / 64] |= call.Seamcall.Succeeded ? bit : 0;
            }
        }

        return Verdict.Holds;
    }

    private static Verdict KeyConfigRunsOncePerPackage(CaseFacts facts)
    {
        if (!facts.EnableRan || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var most = MaxKeyConfigs(facts, facts.Scenario.Choices.CpusPerPackage);
        return most <= 1 ? Verdict.Holds : Verdict.BrokenBy(1, most).At(facts.EnableStep + 1);
    }

    /// <summary>Most calls of one package; those that the module means to be repeated don't count.</summary>
    private static ulong MaxKeyConfigs(CaseFacts facts, int cpusPerPackage)
    {
        Span<byte> calls = stackalloc byte[MaxPackages];
        ulong most = 0;
        foreach (var at in facts.EventFacts.EnableCalls)
        {
            ref readonly var call = ref facts.Events[at];
            if (!call.IsCall(SeamcallLeaf.SysKeyConfig))
                continue;

            // What is to be repeated ends where it was not.
            ref var made = ref calls[call.Seamcall.Lp / Math.Max(cpusPerPackage, 1) % MaxPackages];
            made += made > 0 || !TdxStatus.IsTransient(call.Seamcall.Status) ? (byte)1 : (byte)0;
            most = Math.Max(most, made);
        }

        return most;
    }

    private static Verdict LeaveRegistersZero(CaseFacts facts)
    {
        if (!facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var events = facts.Events;
        foreach (var at in facts.EventFacts.Calls)
        {
            ref readonly var call = ref events[at];
            var unused = call.Seamcall.Leaf switch
            {
                SeamcallLeaf.SysInit or SeamcallLeaf.SysLpInit or SeamcallLeaf.SysKeyConfig
                    or SeamcallLeaf.SysUpdate or SeamcallLeaf.SysDisable =>
                    call.Seamcall.Rcx | call.Seamcall.Rdx | call.Seamcall.R8,
                SeamcallLeaf.SysTdmrInit or SeamcallLeaf.PhymemPageRdmd or SeamcallLeaf.SysShutdown
                    or SeamcallLeaf.SeamldrInfo or SeamcallLeaf.SeamldrInstall =>
                    call.Seamcall.Rdx | call.Seamcall.R8,
                SeamcallLeaf.SysRd => call.Seamcall.Rcx | call.Seamcall.R8,
                _ => 0UL,
            };
            if (unused != 0)
                return Verdict.BrokenBy(0, call.Seamcall.Leaf);
        }

        return Verdict.Holds;
    }

    private static Verdict ConfigGetsGlobalKeyId(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var given = facts.Events[facts.ConfigEvent].Seamcall.R8 & SysConfigOperand.KeyIdMask;
        return given == facts.After.GlobalKeyId
            ? Verdict.Holds
            : Verdict.BrokenBy(facts.After.GlobalKeyId, given).At(facts.EnableStep + 1);
    }

    private static Verdict FlushesBeforeKeyConfig(CaseFacts facts)
    {
        var key = facts.EnableRan && facts.Sees(Observes.Events) ? FirstKeyConfig(facts) : -1;
        var events = facts.Events;
        for (var i = key - 1; i >= facts.EnableFirst; i--)
        {
            if (events[i].Kind == TraceEventKind.Flush)
                return Verdict.Holds;

            if (events[i].IsAt(TraceEventKind.Allocate, AllocationSite.Pamt) && facts.IsOfEnable(events[i]))
                return Verdict.BrokenBy(1, 0).At(facts.EnableStep + 1);
        }

        return Verdict.NotObservable;
    }

    private static int FirstKeyConfig(CaseFacts facts)
    {
        var events = facts.Events;
        foreach (var at in facts.EventFacts.EnableCalls)
        {
            if (events[at].Seamcall.Leaf == SeamcallLeaf.SysKeyConfig)
                return at;
        }

        return -1;
    }

    private static Verdict TdmrsAreDone(CaseFacts facts)
    {
        if (!facts.Succeeded || !facts.Sees(Observes.Tdmrs | Observes.Events))
            return Verdict.NotObservable;

        var from = 0;
        foreach (ref readonly var tdmr in facts.Tdmrs)
        {
            // Calls come TDMR by TDMR, so that what is looked for mostly stands behind what was found last.
            if (!IsDone(facts, tdmr, ref from) && Reached(facts, tdmr) is var reached && reached < tdmr.Range.End)
                return Verdict.BrokenAt(tdmr.Range, tdmr.Range.End, reached).At(facts.EnableStep + 1);
        }

        return Verdict.Holds;
    }

    private static bool IsInit(in TraceEvent call, in TdmrView tdmr) =>
        call.IsCall(SeamcallLeaf.SysTdmrInit) && call.Seamcall.Rcx == tdmr.Base && call.Seamcall.Succeeded;

    /// <summary>True when a call from a place on reached the end of a TDMR; then the place is the one behind
    /// it.</summary>
    private static bool IsDone(CaseFacts facts, in TdmrView tdmr, ref int from)
    {
        var calls = facts.EventFacts.EnableCalls;
        var events = facts.Events;
        var end = tdmr.Range.End;
        for (var i = from; i < calls.Length; i++)
        {
            ref readonly var call = ref events[calls[i]];
            if (call.Seamcall.RdxOut >= end && IsInit(call, tdmr))
            {
                from = i + 1;
                return true;
            }
        }

        return false;
    }

    private static ulong Reached(CaseFacts facts, in TdmrView tdmr)
    {
        var reached = tdmr.Base;
        foreach (var at in facts.EventFacts.EnableCalls)
        {
            ref readonly var call = ref facts.Events[at];
            reached = IsInit(call, tdmr) ? Math.Max(reached, call.Seamcall.RdxOut) : reached;
        }

        return reached;
    }

    private static Verdict Ends(CaseFacts facts) =>
        facts.Trace.IsEndless && facts.Events[^1].RepeatedLeaf != SeamcallLeaf.SysDisable
            ? Verdict.BrokenBy(0, facts.Events[^1].RepeatedLeaf).At(facts.Trace.Steps.Length + 1)
            : Verdict.Holds;

    private static Verdict TdmrInitGetsBases(CaseFacts facts)
    {
        if (!facts.HasConfig || !facts.Sees(Observes.Tdmrs | Observes.Events))
            return Verdict.NotObservable;

        var last = 0;
        var events = facts.Events;
        foreach (var at in facts.EventFacts.EnableCalls)
        {
            ref readonly var call = ref events[at];
            if (call.IsCall(SeamcallLeaf.SysTdmrInit) && !IsBase(facts, call.Seamcall.Rcx, ref last))
            {
                return Verdict.BrokenBy(facts.Tdmrs.Length > 0 ? facts.Tdmrs[0].Base : 0, call.Seamcall.Rcx)
                    .At(facts.EnableStep + 1);
            }
        }

        return Verdict.Holds;
    }

    /// <summary>True when a TDMR begins there; the one found last and the one behind it are looked at first.</summary>
    private static bool IsBase(CaseFacts facts, ulong address, ref int last)
    {
        var tdmrs = facts.Tdmrs;
        for (var i = last; i < Math.Min(last + 2, tdmrs.Length); i++)
        {
            if (tdmrs[i].Base == address)
            {
                last = i;
                return true;
            }
        }

        foreach (ref readonly var tdmr in tdmrs)
        {
            if (tdmr.Base == address)
                return true;
        }

        return false;
    }

    /// <summary>Calls of TDH.SYS.KEY.CONFIG in the run that succeeded.</summary>
    private static ulong KeyConfigs(CaseFacts facts)
    {
        ulong calls = 0;
        var events = facts.Events;
        foreach (var at in facts.EventFacts.EnableCalls)
        {
            ref readonly var call = ref events[at];
            calls += call.Seamcall.Succeeded && call.IsCall(SeamcallLeaf.SysKeyConfig) ? 1UL : 0;
        }

        return calls;
    }

    private static Verdict EveryPackageHasItsKey(CaseFacts facts)
    {
        if (!facts.Succeeded || !facts.Sees(Observes.Events))
            return Verdict.NotObservable;

        var keyed = KeyConfigs(facts);
        var packages = (ulong)facts.Scenario.Choices.Packages;
        return keyed == packages ? Verdict.Holds : Verdict.BrokenBy(packages, keyed).At(facts.EnableStep + 1);
    }
}
