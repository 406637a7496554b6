// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;

namespace TdxVerify.Subjects.Kernel;

/// <summary>struct env_capture.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCapture
{
    public ulong Room;
    public MemblockRegion* Regions;
    public NativeEntry* Entries;
    public ulong RegionCount;
    public ulong EntryCount;
    public NativeState State;
}
