// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TdxVerify.Model.TdxHost;

/// <summary>The SEAMCALLs from TDMRs that stand in memory to a module that is ready.</summary>
internal sealed class ModuleSetup(
    HostEnvironment environment, SequenceRules rules, UnwindRules unwind, SeamcallPort port, TdmrList tdmrs)
{
    private const ulong PackageMaskBytes = 1024;
    private const ulong SmallestPaArray = 512;
    private const ulong WholePage = 4096;

    /// <summary>config_tdx_module().</summary>
    public int Configure(ulong operand)
    {
        var bytes = rules.TakesWholePage
            ? WholePage
            : Math.Max(SmallestPaArray, BitOperations.RoundUpToPowerOf2((ulong)tdmrs.Consumed * 8));
        var array = environment.Kmalloc(AllocationSite.TdmrPaArray, bytes);
        if (array == 0)
            return -Errno.Enomem;

        if ((operand & SysConfigOperand.DynamicPamt) != 0)
            environment.Log(KernelLine.DynamicPamt);

        var operands = new SeamcallRegisters(
            Rcx: HostPhysicalMemory.PaArray,
            Rdx: (ulong)tdmrs.Consumed + (rules.CountsOneMore ? 1UL : 0),
            R8: operand + (rules.ConfiguresGuestKeyId ? 1UL : 0));
        var error = port.Call(0, SeamcallLeaf.SysConfig, operands);
        if ((unwind.Leaks & Leaks.PaArray) == 0)
            environment.Free(AllocationSite.TdmrPaArray, array);

        if (rules.WritesTdmrsLater && error == 0 && tdmrs.Consumed > 0)
            tdmrs[0].Reserved.Clear();

        return Unless(IgnoredFailures.Config, error);
    }

    /// <summary>config_global_keyid() and init_tdmrs().</summary>
    public int MakeReady()
    {
        if (rules.InitsTdmrsFirst)
        {
            var early = InitTdmrs();
            return early == 0 ? ConfigureGlobalKey() : early;
        }

        var error = ConfigureGlobalKey();
        return error == 0 ? InitTdmrs() : error;
    }

    /// <summary>config_global_keyid(): caches flushed, then one CPU of every package, one after another.</summary>
    private int ConfigureGlobalKey()
    {
        var mask = environment.Kmalloc(AllocationSite.PackageMask, PackageMaskBytes);
        if (mask == 0)
            return -Errno.Enomem;

        for (var flushes =
            rules.Flush switch { FlushPoint.BeforeKeyConfig => 1, FlushPoint.Twice => 2, _ => 0 }; flushes > 0;
            flushes--)
        {
            environment.Flush();
        }

        var choices = environment.Choices;
        var step = rules.KeyConfig == KeyConfigScope.EveryCpu ? 1 : choices.CpusPerPackage;
        var end = rules.KeyConfig == KeyConfigScope.FirstPackage ? 1 : choices.Cpus;
        var error = 0;
        for (var lp = 0; lp < end && error == 0; lp += step)
        {
            error = port.Call(
                lp, SeamcallLeaf.SysKeyConfig,
                new SeamcallRegisters(Rdx: rules.LeavesRegisters ? (ulong)tdmrs.Consumed : 0));
        }

        if ((unwind.Leaks & Leaks.PackageMask) == 0)
            environment.Free(AllocationSite.PackageMask, mask);

        return Unless(IgnoredFailures.KeyConfig, error);
    }

    /// <summary>init_tdmrs().</summary>
    private int InitTdmrs()
    {
        var count = tdmrs.Consumed - (rules.TdmrInit == TdmrInitLoop.SkipsLast ? 1 : 0);
        for (var i = 0; i < count; i++)
        {
            var error = Unless(IgnoredFailures.TdmrInit, InitTdmr(tdmrs[i]));
            if (error != 0)
                return error;
        }

        return 0;
    }

    /// <summary>init_tdmr(): repeats until the module says that the end is reached.</summary>
    private int InitTdmr(Tdmr tdmr)
    {
        var registers = new SeamcallRegisters(Rdx: tdmr.Base);
        do
        {
            var start = rules.TdmrInit == TdmrInitLoop.FromReturned ? registers.Rdx : tdmr.Base;
            registers = new SeamcallRegisters(Rcx: start);
            var error = port.CallAndPrintRegisters(0, SeamcallLeaf.SysTdmrInit, ref registers);
            if (error != 0 && (rules.TdmrInit != TdmrInitLoop.RepeatsFailure || environment.Trace.IsEndless))
                return error;
        }
        while (rules.TdmrInit != TdmrInitLoop.Once
            && (registers.Rdx < tdmr.End || (rules.TdmrInit == TdmrInitLoop.PastEnd && registers.Rdx == tdmr.End)));

        return 0;
    }

    private int Unless(IgnoredFailures kind, int error) => (rules.Ignores & kind) == 0 ? error : 0;
}
