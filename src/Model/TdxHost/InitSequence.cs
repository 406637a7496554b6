// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>init_tdx_module(): from memblock to a module that is ready, and back out of every failure.</summary>
internal sealed class InitSequence(
    HostEnvironment environment, KernelPolicy policy, SeamcallPort port, IHostMemory memory, Memlist memlist,
    TdmrList tdmrs)
{
    private readonly ModuleReader _module = new(environment, port, memory, policy);
    private readonly Pamts _pamts = new(environment, tdmrs);
    private readonly ReservedAreas _reserved = new(environment, tdmrs);
    private readonly ModuleSetup _setup = new(environment, port, tdmrs);
    private readonly List<AddressRange> _listed = [];

    public ModuleReader Reader => _module;
    public ulong SysinfoDigest => _module.SysinfoDigest;
    public bool UsesDynamicPamt => policy.DynamicPamt && _module.HasDynamicPamt;

    public void Reset()
    {
        _module.Reset();
        _pamts.Reset();
        _reserved.Reset();
    }

    /// <summary>The whole sequence.</summary>
    /// <returns>0 or a negative errno; after an error nothing is left allocated and the list is empty.</returns>
    public int Run(MemblockTable memblock, uint globalKeyId)
    {
        var error = policy.ReadsModuleFirst ? _module.Read() : 0;
        if (error != 0)
            return error;

        environment.Lock(HostLock.MemHotplugRead);
        error = RunLocked(memblock, globalKeyId);
        environment.Unlock(HostLock.MemHotplugRead);
        return error;
    }

    /// <summary>What is between get_online_mems() and put_online_mems(); labels are the kernel's.</summary>
    private int RunLocked(MemblockTable memblock, uint globalKeyId)
    {
        var error = memlist.Build(memblock, policy.RequiresSingleCmr ? _module.Cmrs : null);
        if (error != 0)
            return error;

        error = policy.ReadsModuleFirst ? 0 : _module.Read();
        if (error != 0)
            goto err_free_tdxmem;

        error = tdmrs.Allocate(_module.Limits);
        if (error != 0)
            goto err_free_tdxmem;

        error = ConstructTdmrs();
        if (error != 0)
            goto err_free_tdmrs;

        error = _setup.Configure(globalKeyId | (UsesDynamicPamt ? SysConfigOperand.DynamicPamt : 0));
        if (error != 0)
            goto err_free_pamts;

        error = _setup.ConfigureGlobalKeyId();
        if (error != 0)
            goto err_reset_pamts;

        error = _setup.InitTdmrs();
        if (error != 0)
            goto err_reset_pamts;

        environment.Log(KernelLine.PamtAllocated, _pamts.CountKb());
        return 0;

    err_reset_pamts:
        // The module may have written to them: out of the caches, then back to ordinary memory.
        environment.Flush();
        if (policy.Reset == PamtReset.Always || environment.Choices.PartialWriteErratum)
            _pamts.ResetAll();

    err_free_pamts:
        _pamts.FreeAll();
    err_free_tdmrs:
        tdmrs.Free();
    err_free_tdxmem:
        memlist.Clear();
        return error;
    }

    /// <summary>construct_tdmrs().</summary>
    private int ConstructTdmrs()
    {
        var error = tdmrs.FillOut(memlist.Entries);
        if (error != 0)
            return error;

        _pamts.IsDynamic = UsesDynamicPamt;
        error = _pamts.SetUpAll(memlist.Entries, _module.Limits);
        if (error != 0)
            return error;

        error = _reserved.PopulateAll(MemoryThatIsNoHole(), _module.Limits.MaxReservedPerTdmr);
        if (error != 0)
            _pamts.FreeAll();

        return error;
    }

    private Span<AddressRange> MemoryThatIsNoHole()
    {
        if (policy.Holes == HoleSource.Cmrs)
            return CollectionsMarshal.AsSpan(_module.Cmrs);

        _listed.Clear();
        foreach (ref readonly var entry in memlist.Entries)
            _listed.Add(entry.Bytes);

        return CollectionsMarshal.AsSpan(_listed);
    }
}
