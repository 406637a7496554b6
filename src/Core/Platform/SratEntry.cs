// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>An enabled memory affinity entry of the ACPI SRAT: bytes [Start, End) belong to a node.</summary>
/// <param name="Nid">Node id as the kernel numbered it.</param>
/// <param name="Start">First byte.</param>
/// <param name="End">First byte after; wraps at 2^64, and the kernel ignores a block that does.</param>
public readonly record struct SratEntry(int Nid, int Pxm, ulong Start, ulong End, bool Hotplug, bool NonVolatile)
{
    /// <summary>Length in bytes as the table gives it; wraps at 2^64.</summary>
    public ulong Size => unchecked(End - Start);
}
