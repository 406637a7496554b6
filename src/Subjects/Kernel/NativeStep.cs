// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeStep
{
    public int Kind;
    public int Nid;
    public ulong Address;
    public ulong Size;
}
