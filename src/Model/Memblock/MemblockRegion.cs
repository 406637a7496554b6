// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Model.Memblock;

/// <summary>struct memblock_region: bytes [Base, Base+Size) with one node and one set of flags.</summary>
/// <param name="Base">First byte.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="Flags">Attributes.</param>
/// <param name="Nid">Node id; see <see cref="PfnRange"/>.</param>
public record struct MemblockRegion(ulong Base, ulong Size, MemblockFlags Flags, int Nid)
{
    /// <summary>sizeof(struct memblock_region) with CONFIG_NUMA, which decides how much memory a doubled array takes.</summary>
    public const ulong KernelSize = 24;

    /// <summary>First byte after the region.</summary>
    public readonly ulong End => unchecked(Base + Size);
}
