// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Machines;
using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Subjects.Guest;

/// <summary>Calls functions of a running kernel: the agent goes into sync(2), and its thread is sent where it is
/// wanted, and back.</summary>
internal sealed class KernelCalls(SymbolTable symbols, VirtualMachine machine, Breakpoints breakpoints)
{
    private const string Door = "__x64_sys_sync";
    private const ulong InterruptFlag = 1UL << 9;

    private static readonly GuestRegister[] Changed =
    [
        GuestRegister.Rax, GuestRegister.Rcx, GuestRegister.Rdx, GuestRegister.Rsi, GuestRegister.Rdi,
        GuestRegister.R8, GuestRegister.R9, GuestRegister.R10, GuestRegister.R11, GuestRegister.Rsp,
        GuestRegister.Rflags,
    ];

    /// <summary>Calls a function of at most one argument on a CPU.</summary>
    /// <param name="isAtomic">With interrupts off.</param>
    /// <returns>What it returned, as an int.</returns>
    public int Call(int cpu, bool isAtomic, TimeSpan patience, string name, ulong argument)
    {
        var (door, function) = (AddressOf(Door), AddressOf(name));
        GuestRegisters? entry = null;
        var result = 0;
        breakpoints.Add(door, registers =>
        {
            if (entry is null)
            {
                entry = registers;
                Enter(entry, door, function, isAtomic, argument);
                return true;
            }

            result = unchecked((int)registers[GuestRegister.Rax]);
            foreach (var register in Changed)
                machine.Debugger.Write(register, entry[register]);

            breakpoints.Remove(door);
            return true;
        });
        machine.Debugger.Continue();
        machine.Ask($"sync {cpu}", patience);
        return result;
    }

    /// <summary>As if the door had called it: the stack is aligned as the ABI has it at a function's entry.</summary>
    private void Enter(GuestRegisters entry, ulong door, ulong function, bool isAtomic, ulong argument)
    {
        var debugger = machine.Debugger;
        var stack = entry[GuestRegister.Rsp] - (2 * sizeof(ulong));
        debugger.WriteMemory(stack, BitConverter.GetBytes(door), isPhysical: false);
        debugger.Write(GuestRegister.Rsp, stack);
        if (isAtomic)
            debugger.Write(GuestRegister.Rflags, entry[GuestRegister.Rflags] & ~InterruptFlag);

        debugger.Write(GuestRegister.Rdi, argument);
        debugger.Write(GuestRegister.Rip, function);
    }

    private ulong AddressOf(string function) =>
        symbols.Find(function) ?? throw new GuestException($"the kernel has no function {function}()");
}
