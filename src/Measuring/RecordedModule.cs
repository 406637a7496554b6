// SPDX-License-Identifier: MIT

namespace TdxVerify.Measuring;

/// <summary>Writes a module's answers down and gives the same ones again in the same order: a run without the module's
/// own time.</summary>
internal sealed class RecordedModule : ISeamcall
{
    private readonly List<(ulong Status, SeamcallRegisters Registers)> _answers = [];
    private ISeamcall? _inner;
    private int _next;

    /// <summary>True when every answer was given again and none was missing.</summary>
    public bool IsAtEnd => _next == _answers.Count;

    /// <summary>Forgets all answers and writes down those of another module.</summary>
    public void Record()
    {
        _answers.Clear();
        _next = 0;
    }

    /// <summary>The module to write down next, or null to give the answers.</summary>
    public ISeamcall With(ISeamcall? inner)
    {
        _inner = inner;
        return this;
    }

    public void Rewind() => _next = 0;

    public ulong Call(int lp, ulong rax, ref SeamcallRegisters registers, IHostMemory memory)
    {
        if (_inner is not null)
        {
            var status = _inner.Call(lp, rax, ref registers, memory);
            _answers.Add((status, registers));
            return status;
        }

        var answer = _answers[_next++];
        registers = answer.Registers;
        return answer.Status;
    }
}
