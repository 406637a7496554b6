// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>memblock_double_array().</summary>
internal sealed class ArrayDoubling(MemblockTable memblock, FreeMemorySearch search)
{
    private int _arrays;

    public void Reset() => _arrays = 0;

    /// <summary>Doubles an array: the new one avoids the range being added to memblock.reserved.</summary>
    /// <returns>False where there is no memory for it.</returns>
    /// <exception cref="KernelPanicException">Arrays may not grow yet.</exception>
    public bool Try(MemblockType type, ulong avoidStart, ulong avoidSize)
    {
        if (memblock.Growth == ArrayGrowth.Forbidden)
            throw new KernelPanicException($"memblock: cannot resize {type.Name} array");

        var bytes = MemblockType.ArrayBytes(type.Max * 2);
        var isFromSlab = memblock.Growth == ArrayGrowth.FromSlab;
        var address = isFromSlab ? 0 : RoomFor(bytes, type, avoidStart, avoidSize);
        var isThere = isFromSlab ? ++_arrays != memblock.FailingArray : address != 0;
        type.WarnIf(!isThere);
        if (!isThere)
            return false;

        MoveArray(type, address);
        if (!isFromSlab)
        {
            memblock.ReserveRange(
                address, bytes, memblock.MarksReservations ? MemblockFlags.ReservedKern : MemblockFlags.None);
        }

        return true;
    }

    /// <summary>Where memblock itself has room for an array, or 0.</summary>
    private ulong RoomFor(ulong bytes, MemblockType type, ulong avoidStart, ulong avoidSize)
    {
        if (type != memblock.Reserved)
            avoidStart = avoidSize = 0;

        var limit = memblock.CurrentLimit;
        var address = search.Find(avoidStart + avoidSize, limit, bytes, Sizes.Page4K);
        return address == 0 && avoidSize != 0
            ? search.Find(0, Math.Min(avoidStart, limit), bytes, Sizes.Page4K)
            : address;
    }

    /// <summary>An array that came from memblock is given back once the new one is in use; the static one is
    /// not.</summary>
    private void MoveArray(MemblockType type, ulong address)
    {
        var old = type.Array;
        type.Double();
        type.ArrayAddress = address;
        if (!old.IsEmpty)
            memblock.RemoveRange(memblock.Reserved, old.Start, old.Size);
    }
}
