// SPDX-License-Identifier: MIT

using System.Buffers.Binary;
using TdxVerify.Subjects.Guest.Kernels;
using TdxVerify.Subjects.Guest.Transport;

namespace TdxVerify.Subjects.Guest;

/// <summary>Static variables of a kernel whose machine stands still.</summary>
internal sealed class KernelStatics(SymbolTable symbols, GdbStub debugger)
{
    private const int MaxEntries = 1 << 16;
    private const int Region = 24;
    private const int EntryBytes = 40;

    /// <summary>The first member of tdx_module_state (7.2): TDX is up, and an update has not failed.</summary>
    public bool IsInitialized =>
        symbols.Find("tdx_module_state") is not { } address || Read(address, sizeof(bool))[0] != 0;

    /// <summary>Writes down memblock, tdx_memlist and the KeyIDs.</summary>
    /// <exception cref="GuestException">A list is damaged.</exception>
    public void Capture(Snapshot snapshot)
    {
        CaptureMemblock(snapshot);
        CaptureMemlist(snapshot);
        snapshot.GlobalKeyId = (uint)Number("tdx_global_keyid");
        snapshot.GuestKeyIdStart = (uint)Number("tdx_guest_keyid_start");
        snapshot.GuestKeyIds = (uint)Number("tdx_nr_guest_keyids");
        snapshot.HasTdxHostCapability = snapshot.GlobalKeyId != 0;
    }

    /// <summary>struct memblock: bottom_up, current_limit, then memory (cnt, max, total_size, regions, name). What is
    /// reserved is given back while the kernel boots, and says nothing.</summary>
    private void CaptureMemblock(Snapshot snapshot)
    {
        const int First = 16;
        const int TypeBytes = 40;
        if (symbols.Find("memblock") is not { } address)
            return;

        var memory = Read(address + First, TypeBytes);
        foreach (var region in Regions(memory))
            snapshot.Add(region);

        snapshot.MemoryBytes = Word(memory, 2);
    }

    private IEnumerable<MemblockRegion> Regions(byte[] type)
    {
        var count = Word(type, 0);
        if (count > MaxEntries)
            throw new GuestException($"expected at most {MaxEntries} regions of memblock, got {count}");

        var bytes = Read(Word(type, 3), (int)count * Region);
        for (var at = 0; at < bytes.Length; at += Region)
        {
            var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at + 16));
            var nid = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 20));
            yield return new MemblockRegion(Word(bytes, at / 8), Word(bytes, (at / 8) + 1), (MemblockFlags)flags, nid);
        }
    }

    /// <summary>struct tdx_memblock: list, start_pfn, end_pfn, nid.</summary>
    private void CaptureMemlist(Snapshot snapshot)
    {
        if (symbols.Find("tdx_memlist") is not { } head)
            return;

        var at = Word(Read(head, sizeof(ulong)), 0);
        for (var count = 0; at != head; count++)
        {
            if (count > MaxEntries)
                throw new GuestException("tdx_memlist has no end");

            var entry = Read(at, EntryBytes);
            snapshot.Add(new PfnRange(
                Word(entry, 2), Word(entry, 3), BinaryPrimitives.ReadInt32LittleEndian(entry.AsSpan(32))));
            at = Word(entry, 0);
        }
    }

    private ulong Number(string name) =>
        symbols.Find(name) is { } address ? BinaryPrimitives.ReadUInt32LittleEndian(Read(address, sizeof(uint))) : 0;

    private byte[] Read(ulong address, int size) => debugger.ReadMemory(address, size, isPhysical: false);

    private static ulong Word(byte[] bytes, int index) =>
        BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(index * sizeof(ulong)));
}
