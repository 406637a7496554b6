// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeReport
{
    public ulong Address;
    public ulong Instruction;
    public fixed byte Text[240];
}
