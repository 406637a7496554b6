// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.TdxHost;

/// <summary>init_tdx_module(): from memblock to a module that is ready, and back out of every failure.</summary>
internal sealed class InitSequence(
    HostEnvironment environment, HostRules rules, SeamcallPort port, IHostMemory memory, Memlist memlist,
    TdmrList tdmrs)
{
    private readonly ModuleReader _module = new(environment, port, memory, rules);
    private readonly Pamts _pamts = new(environment, tdmrs, rules.Pamts);
    private readonly ReservedAreas _reserved = new(environment, tdmrs, rules.Reserved);
    private readonly ModuleSetup _setup = new(environment, rules.Sequence, rules.Unwind, port, tdmrs);
    private readonly List<AddressRange> _listed = [];

    public bool UsesDynamicPamt => rules.DynamicPamt && _module.HasDynamicPamt;

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
        var error = rules.ReadsModuleFirst ? _module.Read() : 0;
        if (error != 0)
            return error;

        if (rules.Unwind.TakesHotplugLockFirst)
            return RunLocked(memblock, globalKeyId);

        environment.Lock(HostLock.MemHotplugRead);
        error = RunLocked(memblock, globalKeyId);
        if (error == 0 || !rules.Unwind.KeepsHotplugLock)
            environment.Unlock(HostLock.MemHotplugRead);

        return error;
    }

    private int RunLocked(MemblockTable memblock, uint globalKeyId)
    {
        var error = memlist.Build(memblock, rules.RequiresSingleCmr ? _module.Cmrs : null);
        if (error != 0)
            return error;

        error = BuildAndConfigure(globalKeyId);
        var kept = Leaks.Memlist | (error == -Errno.Enomem ? Leaks.MemlistOnNoMemory : Leaks.None);
        if (error != 0 && (rules.Unwind.Leaks & kept) == 0)
            memlist.Clear();

        return error;
    }

    private int BuildAndConfigure(uint globalKeyId)
    {
        var error = rules.ReadsModuleFirst ? 0 : _module.Read();
        error = error == 0 ? tdmrs.Allocate(_module.Limits) : error;
        if (error != 0)
            return error;

        error = ConstructTdmrs();
        error = error == 0 ? Configure(globalKeyId) : error;
        if (error == 0)
        {
            environment.Log(KernelLine.PamtAllocated, _pamts.CountKb());
            return 0;
        }

        if ((rules.Unwind.Leaks & Leaks.TdmrBuffer) == 0)
            tdmrs.Free(rules.Unwind.ForgetsTdmrs);

        if (rules.Unwind.FreesBufferTwice)
            tdmrs.Free();

        return error;
    }

    /// <summary>construct_tdmrs().</summary>
    private int ConstructTdmrs()
    {
        if (rules.Sequence.Flush == FlushPoint.BeforePamts)
            environment.Flush();

        var error = tdmrs.FillOut(memlist.Entries);
        _pamts.IsDynamic = UsesDynamicPamt;
        error = error == 0 ? _pamts.SetUpAll(memlist.Entries, _module.Limits) : error;
        if (error != 0)
            return error;

        error = _reserved.PopulateAll(MemoryThatIsNoHole(), _module.Limits.MaxReservedPerTdmr);
        if (error != 0)
            GiveBackPamts(Leaks.PamtsBeforeConfig);

        return error;
    }

    private Span<AddressRange> MemoryThatIsNoHole()
    {
        if (rules.Holes == HoleSource.Cmrs)
            return CollectionsMarshal.AsSpan(_module.Cmrs);

        _listed.Clear();
        foreach (ref readonly var entry in memlist.Entries)
            _listed.Add(entry.Bytes);

        return CollectionsMarshal.AsSpan(_listed);
    }

    private int Configure(uint globalKeyId)
    {
        var error = _setup.Configure(globalKeyId | (UsesDynamicPamt ? SysConfigOperand.DynamicPamt : 0));
        if (error != 0)
        {
            GiveBackPamts(Leaks.PamtsAtConfig);
            return error;
        }

        error = _setup.MakeReady();
        if (error != 0)
            Unwind();

        return error;
    }

    /// <summary>The module may have written to the PAMTs: out of the caches, back to ordinary memory, then
    /// free.</summary>
    private void Unwind()
    {
        if (!rules.Unwind.SkipsFlush)
            environment.Flush();

        var resets = !rules.Unwind.SkipsReset
            && (rules.Reset == PamtReset.Always || environment.Choices.PartialWriteErratum);
        if (resets && !rules.Unwind.ResetsAfterFree)
            _pamts.ResetAll();

        GiveBackPamts(Leaks.PamtsAfterConfig);
        if (resets && rules.Unwind.ResetsAfterFree)
            _pamts.ResetAll();
    }

    private void GiveBackPamts(Leaks kept)
    {
        if ((rules.Unwind.Leaks & kept) == 0)
            _pamts.FreeAll();

        if (rules.Unwind.FreesPamtsTwice)
            _pamts.FreeAll();
    }
}
