// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Guest.Transport;

/// <summary>Registers of x86-64 by the number that GDB gives them.</summary>
public enum GuestRegister
{
    Rax,
    Rbx,
    Rcx,
    Rdx,
    Rsi,
    Rdi,
    Rbp,
    Rsp,
    R8,
    R9,
    R10,
    R11,
    R12,
    R13,
    R14,
    R15,
    Rip,
    Rflags,
}
