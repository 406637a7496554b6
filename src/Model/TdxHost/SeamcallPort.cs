// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>sc_retry_prerr(): makes SEAMCALLs, retries for entropy, prints what failed and turns the status into an
/// errno.</summary>
internal sealed class SeamcallPort(
    HostEnvironment environment, ISeamcall module, IHostMemory memory, bool repeatsTransients)
{
    private const int RdrandRetryLoops = 10;

    private readonly HashSet<int> _incoherent = [];
    private readonly RecordedSeamcall _call = new(environment, module, memory);

    /// <summary>cache_state_incoherent, a bit for each of the first 64 logical processors.</summary>
    public ulong IncoherentCaches { get; private set; }

    public void Reset(ISeamcall module)
    {
        _call.Reset(module);
        IncoherentCaches = 0;
        _incoherent.Clear();
    }

    /// <summary>tdx_cpu_flush_cache().</summary>
    public void FlushCache(int lp)
    {
        if (!_incoherent.Remove(lp))
            return;

        IncoherentCaches &= ~Bit(lp);
        environment.FlushCpu(lp);
    }

    /// <summary>seamcall_prerr() in seamldr.c, which says so in its own lines.</summary>
    public int CallSeamldr(int lp, ulong leaf, ulong rcx)
    {
        var registers = new SeamcallRegisters(Rcx: rcx);
        return ErrnoOf(CallForStatus(lp, leaf, ref registers), leaf, KernelLine.SeamldrFailed);
    }

    /// <summary>seamcall(): the bare status, after ten tries for entropy.</summary>
    public ulong CallForStatus(int lp, ulong leaf, ref SeamcallRegisters registers)
    {
        ulong status;
        var tries = RdrandRetryLoops;
        do
        {
            status = CallOnce(lp, leaf, ref registers);
        }
        while ((status == TdxStatus.RndNoEntropy || (repeatsTransients && TdxStatus.IsTransient(status)))
            && --tries > 0);

        return status;
    }

    /// <summary>See <see cref="RecordedSeamcall.AskNextKernel"/>.</summary>
    public ulong AskNextKernel() => _call.AskNextKernel();

    /// <summary>seamcall_prerr_ret(): three lines when it fails.</summary>
    public int CallAndPrintRegisters(int lp, ulong leaf, ref SeamcallRegisters registers) =>
        Call(lp, leaf, ref registers, printRegisters: true);

    /// <summary>seamcall_prerr(): one line when it fails.</summary>
    public int Call(int lp, ulong leaf, SeamcallRegisters registers) =>
        Call(lp, leaf, ref registers, printRegisters: false);

    /// <summary>__seamcall_ret(): no retry, no line, the bare status.</summary>
    public ulong CallOnce(int lp, ulong leaf, ref SeamcallRegisters registers)
    {
        IncoherentCaches |= Bit(lp);
        if (environment.CountsVmx)
            _incoherent.Add(lp);

        return _call.Call(lp, leaf, ref registers);
    }

    private static ulong Bit(int lp)
    {
        const int Bits = 64;
        return lp < Bits ? 1UL << lp : 0;
    }

    private int Call(int lp, ulong leaf, ref SeamcallRegisters registers, bool printRegisters)
    {
        var status = CallForStatus(lp, leaf, ref registers);
        var error = ErrnoOf(status, leaf, KernelLine.SeamcallFailed);
        if (error == -Errno.Eio && printRegisters)
        {
            environment.Log(KernelLine.SeamcallRegistersLow, registers.Rcx, registers.Rdx, registers.R8);
            environment.Log(KernelLine.SeamcallRegistersHigh, registers.R9, registers.R10, registers.R11);
        }

        return error;
    }

    /// <summary>sc_retry_prerr(): what is not the kernel's own word is printed.</summary>
    private int ErrnoOf(ulong status, ulong leaf, KernelLine line)
    {
        var error = TdxStatus.ErrnoOf(status);
        if (error == -Errno.Eio)
            environment.Log(line, leaf, status);

        return error;
    }
}
