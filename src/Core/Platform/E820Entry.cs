// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>One line of the firmware's memory map: bytes [Address, Address+Size).</summary>
/// <param name="Address">First byte.</param>
/// <param name="Size">Length in bytes; Address+Size may wrap in hostile input.</param>
/// <param name="Type">What the bytes are.</param>
public readonly record struct E820Entry(ulong Address, ulong Size, E820Type Type)
{
    /// <summary>First byte after the entry; wraps at 2^64.</summary>
    public ulong End => unchecked(Address + Size);
}
