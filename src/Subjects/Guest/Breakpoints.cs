// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Subjects.Guest;

/// <summary>What happens where a virtual machine stops.</summary>
internal sealed class Breakpoints(GdbStub debugger)
{
    private readonly Dictionary<ulong, Func<GuestRegisters, bool>> _actions = [];

    /// <summary>Stops at an instruction.</summary>
    /// <param name="act">Serves the stop; false: the machine is to stand still.</param>
    public void Add(ulong address, Func<GuestRegisters, bool> act)
    {
        if (_actions.TryAdd(address, act))
            debugger.Insert(address);
        else
            _actions[address] = act;
    }

    public void Remove(ulong address)
    {
        if (_actions.Remove(address))
            debugger.Remove(address);
    }

    /// <summary>Serves a stop, and lets the machine go on.</summary>
    public void Serve()
    {
        var registers = debugger.ReadRegisters();
        if (!_actions.TryGetValue(registers.Rip, out var act) || act(registers))
            debugger.Continue();
    }

    /// <summary>Runs the instruction at which the machine stands.</summary>
    public void StepOver(ulong address)
    {
        debugger.Remove(address);
        debugger.StepOver();
        if (_actions.ContainsKey(address))
            debugger.Insert(address);
    }
}
