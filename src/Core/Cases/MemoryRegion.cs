// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>A region of memblock.memory as a subject shows it: bytes [Start, End).</summary>
/// <param name="Range">The bytes.</param>
/// <param name="Nid">Node id; see <see cref="PfnRange"/>.</param>
/// <param name="Flags">enum memblock_flags.</param>
public readonly record struct MemoryRegion(AddressRange Range, int Nid, uint Flags);
