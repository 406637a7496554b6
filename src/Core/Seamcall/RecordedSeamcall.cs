// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;

namespace TdxVerify.Core.Seamcall;

/// <summary>One SEAMCALL of host code, whoever runs it: answered by the script or by the module, recorded, and ended
/// when it is repeated without end.</summary>
/// <param name="environment">Where calls are recorded and scripted.</param>
public sealed class RecordedSeamcall(HostEnvironment environment, ISeamcall module, IHostMemory memory)
{
    /// <summary>SEAMCALLs after which a run is called endless.</summary>
    private const int MaxCalls = 1 << 24;
    /// <summary>Equal answers of TDH.SYS.TDMR.INIT or TDH.SYS.DISABLE after which it is: a module that initialises
    /// 4 MiB a call gives 256.</summary>
    private const int MaxEqualAnswers = 512;

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

    /// <summary>The call and its status; #UD when the run has become endless, which the trace says.</summary>
    /// <param name="lp">Logical processor, from 0.</param>
    /// <param name="registers">In: operands; out: results.</param>
    /// <param name="array">RCX of TDH.SYS.CONFIG as the trace names it; the kernel's own address means nothing to
    /// others.</param>
    public ulong Call(int lp, ulong leaf, ref SeamcallRegisters registers, ulong? array = null)
    {
        if (IsEndless(leaf))
        {
            environment.Trace.Append(TraceEvent.OfEndless(leaf));
            return TdxStatus.SeamcallUd;
        }

        var operands = registers;
        if (leaf == SeamcallLeaf.SysConfig)
            _configured.Read(operands, memory, environment.Trace.Configured);

        var nth = environment.Trace.SeamcallsOf(leaf) + 1;
        ulong status;
        if (!environment.IsVmxOn(lp))
            status = TdxStatus.SeamcallUd;
        else if (!environment.TryScriptedStatus(leaf, nth, out status))
            status = _module.Call(lp, leaf, ref registers, memory);

        NoteAnswer(leaf, leaf == SeamcallLeaf.SysDisable ? status : registers.Rdx);
        environment.Record(TraceEvent.OfSeamcall(
            leaf, array ?? operands.Rcx, operands.Rdx, status, operands.R8, registers.Rdx, lp));
        return status;
    }

    /// <summary>What the next kernel's TDH.SYS.INIT would answer, on the first CPU with VMX on; it is no call of this
    /// kernel.</summary>
    public ulong AskNextKernel()
    {
        var registers = default(SeamcallRegisters);
        return _module.Call(0, SeamcallLeaf.SysInit, ref registers, memory);
    }

    private bool IsEndless(ulong leaf)
    {
        var step = environment.Choices.TdmrInitStep;
        var most = step == 0 ? MaxEqualAnswers : Math.Max(MaxEqualAnswers, 4 * Sizes.Page1G / step);
        return environment.Trace.IsEndless || environment.Trace.Seamcalls >= MaxCalls
            || (leaf is SeamcallLeaf.SysTdmrInit or SeamcallLeaf.SysDisable && _equalAnswers >= most);
    }

    private void NoteAnswer(ulong leaf, ulong answer)
    {
        if (leaf is SeamcallLeaf.SysTdmrInit or SeamcallLeaf.SysDisable)
        {
            _equalAnswers = answer == _lastAnswer ? _equalAnswers + 1 : 0;
            _lastAnswer = answer;
        }
    }
}
