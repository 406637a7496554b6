// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

/// <summary>struct env_capture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCapture
{
    public ulong Room;
    public NativeRegion* Regions;
    public NativeEntry* Entries;
    public ulong RegionCount;
    public ulong EntryCount;
    public NativeState State;
}
