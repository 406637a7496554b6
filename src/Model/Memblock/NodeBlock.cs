// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>struct numa_memblk: bytes [Start, End) of a node.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">First byte after.</param>
public record struct NodeBlock(ulong Start, ulong End, int Nid);
