// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

/// <summary>struct env_layout: a row of native/kernel/env/layout.c.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeLayoutRow
{
    public byte* Name;
    public ulong Value;
}
