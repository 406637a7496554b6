// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeRegisters
{
    public ulong Rcx;
    public ulong Rdx;
    public ulong R8;
    public ulong R9;
    public ulong R10;
    public ulong R11;
}
