// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal struct NativeEntry
{
    public ulong StartPfn;
    public ulong EndPfn;
    public int Nid;
}
