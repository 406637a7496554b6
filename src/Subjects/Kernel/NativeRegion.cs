// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

/// <summary>struct env_region.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeRegion
{
    public ulong Base;
    public ulong Size;
    public uint Flags;
    public int Nid;
}
