// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCalls
{
    public delegate* unmanaged<int, ulong, int> Kmalloc;
    public delegate* unmanaged<ulong, int> PagesExact;
    public delegate* unmanaged<ulong, int, int, ulong*, int> Contig;
    public delegate* unmanaged<int, int, ulong, ulong, void> Free;
    public delegate* unmanaged<int, int, void> Touch;
    public delegate* unmanaged<int, int, void> Lock;
    public delegate* unmanaged<void> Flush;
    public delegate* unmanaged<ulong, ulong, void> Reset;
    public delegate* unmanaged<void> Warn;
    public delegate* unmanaged<int, ulong, void> Misuse;
    public delegate* unmanaged<int, byte*, int, ulong*, void> Log;
    public delegate* unmanaged<int, int, int> Vmx;
    public delegate* unmanaged<int, void> FlushCpu;
    public delegate* unmanaged<int, int, int> Schedule;
    public delegate* unmanaged<int, ulong, NativeRegisters*, int*, ulong> Seamcall;
}
