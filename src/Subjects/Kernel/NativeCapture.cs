// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCapture
{
    public ulong Room;
    public MemblockRegion* Regions;
    public NativeEntry* Entries;
    public ulong RegionCount;
    public ulong EntryCount;
    public ulong MemoryBytes;
    public ulong ReservedBytes;
    public ulong ReservedDigest;
    public ulong MemblockWarnings;
    public long MemblockError;
    public NativeState State;
}
