// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxHost;

/// <summary>sc_retry_prerr(): makes SEAMCALLs, retries for entropy, prints what failed and turns the status into an errno.</summary>
/// <param name="environment">Where calls are recorded and scripted.</param>
/// <param name="module">Who answers.</param>
/// <param name="memory">The host's physical memory.</param>
internal sealed class SeamcallPort(HostEnvironment environment, ISeamcall module, IHostMemory memory)
{
    /// <summary>RDRAND_RETRY_LOOPS.</summary>
    private const int EntropyTries = 10;

    /// <summary>SEAMCALLs after which a run is called endless.</summary>
    private const int MostCalls = 1 << 24;

    /// <summary>seamcall_prerr_ret(): three lines when it fails.</summary>
    public int CallAndPrintRegisters(int lp, ulong leaf, ref SeamcallRegisters registers) =>
        Call(lp, leaf, ref registers, printRegisters: true);

    /// <summary>seamcall_prerr(): one line when it fails.</summary>
    public int Call(int lp, ulong leaf, SeamcallRegisters registers) =>
        Call(lp, leaf, ref registers, printRegisters: false);

    /// <summary>__seamcall_ret(): no retry, no line, the bare status.</summary>
    public ulong CallOnce(int lp, ulong leaf, ref SeamcallRegisters registers)
    {
        if (environment.Trace.Seamcalls >= MostCalls)
        {
            throw new EndlessCallsException(SeamcallLeaf.Name(leaf));
        }

        var operands = registers;
        var nth = environment.Trace.SeamcallsOf(leaf) + 1;
        if (!environment.TryScriptedStatus(leaf, nth, out var status))
        {
            status = module.Call(lp, leaf, ref registers, memory);
        }

        environment.Trace.Append(new TraceEvent(TraceEventKind.Seamcall, leaf, operands.Rcx, operands.Rdx, status));
        return status;
    }

    private int Call(int lp, ulong leaf, ref SeamcallRegisters registers, bool printRegisters)
    {
        ulong status;
        var tries = EntropyTries;
        do
        {
            status = CallOnce(lp, leaf, ref registers);
        }
        while (status == TdxStatus.RndNoEntropy && --tries > 0);

        switch (status)
        {
            case TdxStatus.Success:
                return 0;
            case TdxStatus.SeamcallVmFailInvalid:
                return -Errno.Enodev;
            case TdxStatus.SeamcallGp:
                return -Errno.Eopnotsupp;
            case TdxStatus.SeamcallUd:
                return -Errno.Eacces;
        }

        environment.Log(KernelLine.SeamcallFailed, leaf, status);
        if (printRegisters)
        {
            environment.Log(KernelLine.SeamcallRegistersLow, registers.Rcx, registers.Rdx, registers.R8);
            environment.Log(KernelLine.SeamcallRegistersHigh, registers.R9, registers.R10, registers.R11);
        }

        return -Errno.Eio;
    }
}

/// <summary>The host would go on making SEAMCALLs for ever.</summary>
public sealed class EndlessCallsException : Exception
{
    /// <summary>The leaf that never ends.</summary>
    public EndlessCallsException(string leaf)
        : base($"{leaf} is repeated without end")
    {
    }
}
