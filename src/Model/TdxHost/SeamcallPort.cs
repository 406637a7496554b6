// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxHost;

/// <summary>sc_retry_prerr(): makes SEAMCALLs, retries for entropy, prints what failed and turns the status into an errno.</summary>
/// <param name="environment">Where calls are recorded and scripted.</param>
/// <param name="module">Who answers.</param>
/// <param name="memory">The host's physical memory.</param>
/// <param name="rules">What is repeated.</param>
internal sealed class SeamcallPort(HostEnvironment environment, ISeamcall module, IHostMemory memory, SequenceRules rules)
{
    /// <summary>SEAMCALLs after which a run is called endless.</summary>
    private const int MostCalls = 1 << 24;

    /// <summary>Equal answers of TDH.SYS.TDMR.INIT after which it is: a module that initialises 4 MiB a call gives 256.</summary>
    private const int MostEqualAnswers = 512;

    private readonly ConfiguredTable _configured = new();
    private ISeamcall _module = module;
    private ulong _lastAnswer;
    private ulong _equalAnswers;

    /// <summary>Another kernel boots on another module.</summary>
    public void Reset(ISeamcall module)
    {
        _module = module;
        _lastAnswer = _equalAnswers = 0;
    }

    /// <summary>seamcall_prerr_ret(): three lines when it fails.</summary>
    public int CallAndPrintRegisters(int lp, ulong leaf, ref SeamcallRegisters registers) =>
        Call(lp, leaf, ref registers, printRegisters: true);

    /// <summary>seamcall_prerr(): one line when it fails.</summary>
    public int Call(int lp, ulong leaf, SeamcallRegisters registers) =>
        Call(lp, leaf, ref registers, printRegisters: false);

    /// <summary>__seamcall_ret(): no retry, no line, the bare status.</summary>
    public ulong CallOnce(int lp, ulong leaf, ref SeamcallRegisters registers)
    {
        if (IsEndless(leaf))
        {
            environment.Trace.Append(new TraceEvent(TraceEventKind.Endless, leaf));
            return TdxStatus.SeamcallUd;
        }

        var operands = registers;
        if (leaf == SeamcallLeaf.SysConfig)
        {
            _configured.Read(operands, memory, environment.Trace.Configured);
        }

        var nth = environment.Trace.SeamcallsOf(leaf) + 1;
        if (!environment.TryScriptedStatus(leaf, nth, out var status))
        {
            status = _module.Call(lp, leaf, ref registers, memory);
        }

        NoteAnswer(leaf, registers.Rdx);
        environment.Trace.Append(new TraceEvent(
            TraceEventKind.Seamcall, leaf, operands.Rcx, operands.Rdx, status, operands.R8, registers.Rdx, lp));
        return status;
    }

    private bool IsEndless(ulong leaf)
    {
        var step = environment.Choices.TdmrInitStep;
        var most = step == 0 ? MostEqualAnswers : Math.Max(MostEqualAnswers, 4 * Sizes.Page1G / step);
        return environment.Trace.IsEndless || environment.Trace.Seamcalls >= MostCalls
            || (leaf == SeamcallLeaf.SysTdmrInit && _equalAnswers >= most);
    }

    private void NoteAnswer(ulong leaf, ulong rdx)
    {
        if (leaf == SeamcallLeaf.SysTdmrInit)
        {
            _equalAnswers = rdx == _lastAnswer ? _equalAnswers + 1 : 0;
            _lastAnswer = rdx;
        }
    }

    private int Call(int lp, ulong leaf, ref SeamcallRegisters registers, bool printRegisters)
    {
        ulong status;
        var tries = rules.EntropyTries;
        do
        {
            status = CallOnce(lp, leaf, ref registers);
        }
        while ((status == TdxStatus.RndNoEntropy || (rules.RetriesEverything && status != TdxStatus.Success)) && --tries > 0);

        switch (status)
        {
            case TdxStatus.Success:
                return 0;
            case TdxStatus.SeamcallVmFailInvalid:
                return rules.TakesMissingModuleForIo ? -Errno.Eio : -Errno.Enodev;
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
