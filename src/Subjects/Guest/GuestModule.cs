// SPDX-License-Identifier: MIT

using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Transport;
using TdxVerify.Subjects.Kernel;

namespace TdxVerify.Subjects.Guest;

/// <summary>
/// TDX for a kernel on a processor without it: its registers say that there is TDX, and the instructions that qemu
/// doesn't know (SEAMCALL, VMXON, VMXOFF, MOVDIR64B) are answered from outside. The kernel is not changed.
/// </summary>
/// <param name="loader">Calls of P-SEAMLDR.</param>
internal sealed class GuestModule(
    SymbolTable symbols, GdbStub debugger, Breakpoints breakpoints, HostEnvironment environment,
    RecordedSeamcall seamcall, RecordedSeamcall loader)
{
    private const int MostBytes = 1 << 12;
    private const ulong MsrKeyIdPartitioning = 0x87;
    private const ulong MsrVmxBasic = 0x480;
    private const ulong KeepsVmcs = 1UL << 60;
    private const ulong Vmxe = 1UL << 13;
    private const ulong Carry = 1;

    private GuestRegisters? _reset;

    /// <summary>Finds the instructions in a kernel that has just been loaded, and stops at them from now on.</summary>
    public void Plant(KeyIdPartition keyIds, bool losesVmcs)
    {
        ForEach(["tdx_init", "record_keyid_partitioning", "check_tdx_erratum"], [0x0f, 0x32], registers =>
        {
            var value = registers[GuestRegister.Rcx] switch
            {
                MsrKeyIdPartitioning => ((ulong)keyIds.TdxKeyIds << 32) | keyIds.MktmeKeyIds,
                MsrVmxBasic => losesVmcs ? 0 : KeepsVmcs,
                _ => 0UL,
            };
            debugger.Write(GuestRegister.Rax, (uint)value);
            debugger.Write(GuestRegister.Rdx, value >> 32);
            Skip(registers, 2);
        });
        ForEach(["__seamcall", "__seamcall_ret", "__seamcall_saved_ret"], [0x66, 0x0f, 0x01, 0xcf], Call);
        ForEach(
            ["x86_virt_cpu_vmxon", "x86_vmx_enable_virtualization_cpu"], [0xf3, 0x0f, 0xc7], registers =>
            {
                // Whether it faults is for the processor to say: qemu's always does.
                if (environment.GetVmx(debugger.Cpu) == 0)
                    Skip(registers, LengthOfVmxon(registers.Rip));
                else
                    breakpoints.StepOver(registers.Rip);
            });
        ForEach(["x86_vmx_disable_virtualization_cpu"], [0x0f, 0x01, 0xc4], registers =>
        {
            environment.PutVmx(debugger.Cpu);
            Skip(registers, 3);
        });
        // qemu before 8 takes CR4.VMXE for a reserved bit; the kernel's own copy keeps it.
        ForEach(["native_write_cr4"], [0x0f, 0x22, 0xe0], registers =>
        {
            var value = registers[GuestRegister.Rax];
            if ((value & Vmxe) != 0)
                debugger.Write(GuestRegister.Rax, value & ~Vmxe);

            breakpoints.StepOver(registers.Rip);
        });
        PlantReset();
    }

    /// <summary>64 bytes at a time would be a stop each: a whole area is converted at its first MOVDIR64B.</summary>
    private void PlantReset()
    {
        string[] names = ["reset_tdx_pages", "tdx_quirk_reset_paddr"];
        foreach (var address in names.Select(symbols.Find).OfType<ulong>())
        {
            breakpoints.Add(address, registers =>
            {
                _reset = registers;
                breakpoints.StepOver(address);
                return true;
            });
        }

        ForEach(names, [0x66, 0x0f, 0x38, 0xf8], _ =>
        {
            var entry = _reset!;
            environment.ConvertBack(entry[GuestRegister.Rdi], entry[GuestRegister.Rsi]);
            debugger.Return(entry, 0);
        });
    }

    private void Call(GuestRegisters registers)
    {
        var operands = new SeamcallRegisters(
            registers[GuestRegister.Rcx], registers[GuestRegister.Rdx], registers[GuestRegister.R8],
            registers[GuestRegister.R9], registers[GuestRegister.R10], registers[GuestRegister.R11]);
        var leaf = registers[GuestRegister.Rax];
        var before = operands;
        var status = (SeamcallLeaf.IsOfSeamldr(leaf) ? loader : seamcall).Call(
            debugger.Cpu, leaf, ref operands, KernelMemory.NameOf(leaf, registers[GuestRegister.Rcx]));
        Answer(GuestRegister.Rcx, before.Rcx, operands.Rcx);
        Answer(GuestRegister.Rdx, before.Rdx, operands.Rdx);
        Answer(GuestRegister.R8, before.R8, operands.R8);
        Answer(GuestRegister.R9, before.R9, operands.R9);
        Answer(GuestRegister.R10, before.R10, operands.R10);
        Answer(GuestRegister.R11, before.R11, operands.R11);
        var hasFailed = status == TdxStatus.SeamcallVmFailInvalid;
        var flags = registers[GuestRegister.Rflags];
        debugger.Write(GuestRegister.Rflags, hasFailed ? flags | Carry : flags & ~Carry);
        debugger.Write(GuestRegister.Rax, status);
        Skip(registers, 4);
    }

    private void Answer(GuestRegister register, ulong before, ulong after)
    {
        if (before != after)
            debugger.Write(register, after);
    }

    private void Skip(GuestRegisters registers, int bytes) =>
        debugger.Write(GuestRegister.Rip, registers.Rip + (ulong)bytes);

    /// <summary>VMXON has one operand in memory, which its ModRM byte describes.</summary>
    private int LengthOfVmxon(ulong address)
    {
        const int Opcode = 3;
        var modRm = debugger.ReadMemory(address + Opcode, 1, isPhysical: false)[0];
        var (mode, register) = (modRm >> 6, modRm & 7);
        var displacement = mode == 1 ? 1 : mode == 2 || (mode == 0 && register == 5) ? 4 : 0;
        return Opcode + 1 + (register == 4 ? 1 : 0) + displacement;
    }

    /// <summary>Every place in the functions where bytes look like an instruction: one that is none is never stopped
    /// at.</summary>
    private void ForEach(string[] functions, byte[] instruction, Action<GuestRegisters> act)
    {
        foreach (var start in functions.Select(symbols.Find).OfType<ulong>())
        {
            var bytes = debugger.ReadMemory(start, symbols.SizeOf(start, MostBytes), isPhysical: false);
            for (var at = 0; at + instruction.Length <= bytes.Length; at++)
            {
                if (!bytes.AsSpan(at).StartsWith(instruction))
                    continue;

                breakpoints.Add(start + (ulong)at, registers =>
                {
                    act(registers);
                    return true;
                });
            }
        }
    }
}
