// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

/// <summary>struct env_report.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeReport
{
    public ulong Address;
    public ulong Instruction;
    public fixed byte Text[240];
}
