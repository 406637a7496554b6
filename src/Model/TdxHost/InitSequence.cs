// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxHost;

/// <summary>init_tdx_module(): from memblock to a module that is ready, and back out of every failure.</summary>
internal sealed class InitSequence(HostEnvironment environment, HostRules rules, SeamcallPort port, IHostMemory memory, Memlist memlist, TdmrList tdmrs)
{
    private const ulong PackageMaskBytes = 1024;
    private const ulong SmallestPaArray = 512;

    private readonly ModuleReader _module = new(environment, port, memory, rules);
    private readonly Pamts _pamts = new(environment, tdmrs);

    /// <summary>The kernel and the module both know Dynamic PAMT.</summary>
    public bool UsesDynamicPamt => rules.DynamicPamt && _module.HasDynamicPamt;

    /// <summary>The whole sequence.</summary>
    /// <param name="memblock">memblock as it is now.</param>
    /// <param name="globalKeyId">KeyID for the module's own use.</param>
    /// <returns>0 or a negative errno; after an error nothing is left allocated and the list is empty.</returns>
    public int Run(MemblockTable memblock, uint globalKeyId)
    {
        var error = rules.ReadsModuleFirst ? _module.Read() : 0;
        if (error != 0)
        {
            return error;
        }

        environment.Lock(HostLock.MemHotplugRead);
        error = RunLocked(memblock, globalKeyId);
        environment.Unlock(HostLock.MemHotplugRead);
        return error;
    }

    private int RunLocked(MemblockTable memblock, uint globalKeyId)
    {
        var error = memlist.Build(memblock, rules.RequiresSingleCmr ? _module.Cmrs : null);
        if (error != 0)
        {
            return error;
        }

        error = BuildAndConfigure(globalKeyId);
        if (error != 0)
        {
            memlist.Clear();
        }

        return error;
    }

    private int BuildAndConfigure(uint globalKeyId)
    {
        var error = rules.ReadsModuleFirst ? 0 : _module.Read();
        error = error == 0 ? tdmrs.Allocate(_module.Limits) : error;
        if (error != 0)
        {
            return error;
        }

        error = ConstructTdmrs();
        error = error == 0 ? Configure(globalKeyId) : error;
        if (error != 0)
        {
            tdmrs.Free();
        }
        else
        {
            environment.Log(KernelLine.PamtAllocated, _pamts.CountKb());
        }

        return error;
    }

    /// <summary>construct_tdmrs().</summary>
    private int ConstructTdmrs()
    {
        var error = tdmrs.FillOut(memlist.Entries);
        _pamts.IsDynamic = UsesDynamicPamt;
        error = error == 0 ? _pamts.SetUpAll(memlist.Entries, _module.Limits) : error;
        if (error != 0)
        {
            return error;
        }

        var memory = rules.Holes == HoleSource.Cmrs ? _module.Cmrs : memlist.Entries.Select(static e => e.Bytes).ToList();
        error = new ReservedAreas(environment, tdmrs, _module.Limits.MaxReservedPerTdmr).PopulateAll(memory);
        if (error != 0)
        {
            _pamts.FreeAll();
        }

        return error;
    }

    private int Configure(uint globalKeyId)
    {
        var error = ConfigureModule(globalKeyId);
        if (error != 0)
        {
            _pamts.FreeAll();
            return error;
        }

        error = ConfigureGlobalKey();
        error = error == 0 ? InitTdmrs() : error;
        if (error != 0)
        {
            environment.Flush();
            if (rules.Reset == PamtReset.Always || environment.Choices.PartialWriteErratum)
            {
                _pamts.ResetAll();
            }

            _pamts.FreeAll();
        }

        return error;
    }

    /// <summary>config_tdx_module().</summary>
    private int ConfigureModule(uint globalKeyId)
    {
        var bytes = Math.Max(SmallestPaArray, System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)tdmrs.Consumed * 8));
        var array = environment.Kmalloc(AllocationSite.TdmrPaArray, bytes);
        if (array == 0)
        {
            return -Errno.Enomem;
        }

        var keyId = globalKeyId | (UsesDynamicPamt ? SysConfigOperand.DynamicPamt : 0);
        var operands = new SeamcallRegisters(Rcx: HostPhysicalMemory.PaArray, Rdx: (ulong)tdmrs.Consumed, R8: keyId);
        var error = port.Call(0, SeamcallLeaf.SysConfig, operands);
        environment.Free(AllocationSite.TdmrPaArray, array);
        return error;
    }

    /// <summary>config_global_keyid(): caches flushed, then one CPU of every package, one after another.</summary>
    private int ConfigureGlobalKey()
    {
        var mask = environment.Kmalloc(AllocationSite.PackageMask, PackageMaskBytes);
        if (mask == 0)
        {
            return -Errno.Enomem;
        }

        environment.Flush();
        var error = 0;
        for (var package = 0; package < environment.Choices.Packages && error == 0; package++)
        {
            error = port.Call(package * environment.Choices.CpusPerPackage, SeamcallLeaf.SysKeyConfig, default);
        }

        environment.Free(AllocationSite.PackageMask, mask);
        return error;
    }

    /// <summary>init_tdmrs(): repeats until the module says that the end is reached.</summary>
    private int InitTdmrs()
    {
        for (var i = 0; i < tdmrs.Consumed; i++)
        {
            var tdmr = tdmrs.Tdmrs[i];
            SeamcallRegisters registers;
            do
            {
                registers = new SeamcallRegisters(Rcx: tdmr.Base);
                var error = port.CallAndPrintRegisters(0, SeamcallLeaf.SysTdmrInit, ref registers);
                if (error != 0)
                {
                    return error;
                }
            }
            while (registers.Rdx < tdmr.End);
        }

        return 0;
    }
}
