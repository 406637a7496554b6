// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>struct memblock_region: bytes [Base, Base+Size) with one node and one set of flags.</summary>
/// <param name="Base">First byte.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Nid">Node id; see <see cref="PfnRange"/>.</param>
public record struct MemblockRegion(ulong Base, ulong Size, MemblockFlags Flags, int Nid)
{
    /// <summary>sizeof(struct memblock_region) with CONFIG_NUMA, which decides how much memory a doubled array
    /// takes.</summary>
    public const ulong KernelSize = 24;

    /// <summary>A region of bytes [Start, End).</summary>
    public MemblockRegion(AddressRange range, int nid, MemblockFlags flags = MemblockFlags.None)
        : this(range.Start, range.Size, flags, nid)
    {
    }

    /// <summary>First byte after the region; wraps at 2^64.</summary>
    public readonly ulong End => unchecked(Base + Size);

    public readonly AddressRange Range => new(Base, End);

    /// <summary>Other bytes of the same kind.</summary>
    public readonly MemblockRegion On(AddressRange range) => new(range, Nid, Flags);

    /// <summary>Both have the same node and flags: memblock joins them when they touch.</summary>
    public readonly bool IsSameKind(in MemblockRegion other) => Nid == other.Nid && Flags == other.Flags;

    public override readonly string ToString() => $"{Range} nid {Nid} flags 0x{(uint)Flags:x}";
}
