// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Seamcall;

/// <summary>TDMR_INFO as the module reads it: 320 bytes, 512-byte aligned. Bases are addresses, sizes bytes.</summary>
public sealed class TdmrInfo
{
    /// <summary>MAX_RESERVED_AREAS: slots that the module reads.</summary>
    public const int ReservedSlots = 16;

    /// <summary>Alignment of a TDMR_INFO and of the array of their addresses.</summary>
    public const ulong Alignment = 512;

    /// <summary>Byte offset of the first reserved area.</summary>
    public const ulong ReservedOffset = 64;

    private readonly ulong[] _pamtBase = new ulong[PamtLevels.Count];
    private readonly ulong[] _pamtSize = new ulong[PamtLevels.Count];
    private readonly ulong[] _offset = new ulong[ReservedSlots];
    private readonly ulong[] _size = new ulong[ReservedSlots];

    /// <summary>First byte; 1 GiB aligned when legal.</summary>
    public ulong Base { get; set; }

    /// <summary>Bytes; a multiple of 1 GiB when legal.</summary>
    public ulong Size { get; set; }

    /// <summary>First byte after; wraps at 2^64.</summary>
    public ulong End => unchecked(Base + Size);

    /// <summary>PAMT base of a level.</summary>
    public ulong PamtBase(PamtLevel level) => _pamtBase[(int)level];

    /// <summary>PAMT size of a level.</summary>
    public ulong PamtSize(PamtLevel level) => _pamtSize[(int)level];

    /// <summary>Offset of a reserved area from the TDMR's base.</summary>
    public ulong Offset(int slot) => _offset[slot];

    /// <summary>Bytes of a reserved area; 0: the slot is empty.</summary>
    public ulong ReservedSize(int slot) => _size[slot];

    /// <summary>Sets a PAMT.</summary>
    public void SetPamt(PamtLevel level, ulong start, ulong size)
    {
        _pamtBase[(int)level] = start;
        _pamtSize[(int)level] = size;
    }

    /// <summary>Sets a reserved area.</summary>
    public void SetReserved(int slot, ulong offset, ulong size)
    {
        _offset[slot] = offset;
        _size[slot] = size;
    }

    /// <summary>Copies the structure out of host memory, once.</summary>
    public void ReadFrom(IHostMemory memory, ulong address)
    {
        Base = memory.Read(address);
        Size = memory.Read(address + 8);
        for (var level = PamtLevels.Count - 1; level >= 0; level--)
        {
            var at = address + 16 + (16 * (ulong)(PamtLevels.Count - 1 - level));
            SetPamt((PamtLevel)level, memory.Read(at), memory.Read(at + 8));
        }

        for (var slot = 0; slot < ReservedSlots; slot++)
        {
            var at = address + ReservedOffset + (16 * (ulong)slot);
            SetReserved(slot, memory.Read(at), memory.Read(at + 8));
        }
    }
}
