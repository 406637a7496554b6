// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeCapture
{
    public ulong Room;
    public MemblockRegion* Regions;
    public MemblockRegion* Reserved;
    public NativeEntry* Entries;
    public ulong RegionCount;
    public ulong ReservedCount;
    public ulong EntryCount;
    public ulong MemoryBytes;
    public ulong ReservedBytes;
    public AddressRange MemoryArray;
    public AddressRange ReservedArray;
    public ulong* Answers;
    public ulong AnswerCount;
    public ulong MemblockWarnings;
    public long MemblockError;
    public NativeState State;

    public readonly ReadOnlySpan<ulong> AllAnswers => new(Answers, (int)AnswerCount);
}
