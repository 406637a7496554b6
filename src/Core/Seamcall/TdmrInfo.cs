// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Seamcall;

/// <summary>TDMR_INFO as the module reads it: 320 bytes, 512-byte aligned. Bases are addresses, sizes bytes.</summary>
public sealed class TdmrInfo
{
    /// <summary>MAX_RESERVED_AREAS: slots that the module reads.</summary>
    public const int ReservedSlots = 16;
    /// <summary>Alignment of a TDMR_INFO and of the array of their addresses.</summary>
    public const ulong Alignment = 512;
    /// <summary>Byte offset of the first reserved area.</summary>
    public const ulong ReservedOffset = 64;
    /// <summary>8-byte words of the structure.</summary>
    public const int Words = FirstArea + (2 * ReservedSlots);

    private const int FirstPamt = 2;
    private const int FirstArea = (int)ReservedOffset / sizeof(ulong);

    // As in memory: base, size, then pairs of base and size for 1G, 2M and 4K, then pairs of offset and size.
    private readonly ulong[] _words = new ulong[Words];

    /// <summary>First byte; 1 GiB aligned when legal.</summary>
    public ulong Base
    {
        get => _words[0];
        set => _words[0] = value;
    }

    /// <summary>Bytes; a multiple of 1 GiB when legal.</summary>
    public ulong Size
    {
        get => _words[1];
        set => _words[1] = value;
    }

    /// <summary>First byte after; wraps at 2^64.</summary>
    public ulong End => unchecked(Base + Size);

    public ulong PamtBase(PamtLevel level) => _words[PamtAt(level)];
    public ulong PamtSize(PamtLevel level) => _words[PamtAt(level) + 1];

    /// <summary>Offset of a reserved area from the TDMR's base.</summary>
    public ulong Offset(int slot) => _words[FirstArea + (2 * slot)];

    /// <summary>Bytes of a reserved area; 0: the slot is empty.</summary>
    public ulong ReservedSize(int slot) => _words[FirstArea + (2 * slot) + 1];

    public void SetPamt(PamtLevel level, ulong start, ulong size)
    {
        _words[PamtAt(level)] = start;
        _words[PamtAt(level) + 1] = size;
    }

    public void SetReserved(int slot, ulong offset, ulong size)
    {
        _words[FirstArea + (2 * slot)] = offset;
        _words[FirstArea + (2 * slot) + 1] = size;
    }

    /// <summary>Copies the structure out of host memory, once.</summary>
    public void ReadFrom(IHostMemory memory, ulong address) => memory.Read(address, _words);

    private static int PamtAt(PamtLevel level) => FirstPamt + (2 * (PamtLevels.Count - 1 - (int)level));
}
