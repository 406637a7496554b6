// SPDX-License-Identifier: MIT

using System.Numerics;

namespace TdxVerify.Model.TdxHost;

/// <summary>The SEAMCALLs from TDMRs that stand in memory to a module that is ready.</summary>
internal sealed class ModuleSetup(HostEnvironment environment, SeamcallPort port, TdmrList tdmrs)
{
    private const ulong PackageMaskBytes = 1024;

    /// <summary>TDMR_INFO_PA_ARRAY_ALIGNMENT.</summary>
    private const ulong PaArrayAlignment = 512;

    /// <summary>config_tdx_module().</summary>
    public int Configure(ulong operand)
    {
        var bytes = Math.Max(PaArrayAlignment, BitOperations.RoundUpToPowerOf2((ulong)tdmrs.Consumed * sizeof(ulong)));
        var array = environment.Kmalloc(AllocationSite.TdmrPaArray, bytes);
        if (array == 0)
            return -Errno.Enomem;

        if ((operand & SysConfigOperand.DynamicPamt) != 0)
            environment.Log(KernelLine.DynamicPamt);

        var operands =
            new SeamcallRegisters(Rcx: HostPhysicalMemory.PaArray, Rdx: (ulong)tdmrs.Consumed, R8: operand);
        var error = port.Call(0, SeamcallLeaf.SysConfig, operands);
        environment.Free(AllocationSite.TdmrPaArray, array);
        return error;
    }

    /// <summary>config_global_keyid(): caches flushed, then one CPU of every package, one after another.</summary>
    public int ConfigureGlobalKeyId()
    {
        var mask = environment.Kmalloc(AllocationSite.PackageMask, PackageMaskBytes);
        if (mask == 0)
            return -Errno.Enomem;

        environment.Flush();
        var choices = environment.Choices;
        var error = 0;
        for (var lp = 0; lp < choices.Cpus && error == 0; lp += choices.CpusPerPackage)
            error = port.Call(lp, SeamcallLeaf.SysKeyConfig, default);

        environment.Free(AllocationSite.PackageMask, mask);
        return error;
    }

    /// <summary>init_tdmrs().</summary>
    public int InitTdmrs()
    {
        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            var error = InitTdmr(tdmrs[i]);
            if (error != 0)
                return error;
        }

        return 0;
    }

    /// <summary>init_tdmr(): repeats until the module says that the end is reached.</summary>
    private int InitTdmr(Tdmr tdmr)
    {
        SeamcallRegisters registers;
        do
        {
            registers = new SeamcallRegisters(Rcx: tdmr.Base);
            var error = port.CallAndPrintRegisters(0, SeamcallLeaf.SysTdmrInit, ref registers);
            if (error != 0)
                return error;
        }
        while (registers.Rdx < tdmr.End);

        return 0;
    }
}
