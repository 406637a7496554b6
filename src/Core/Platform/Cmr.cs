// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>A convertible memory range as the firmware reports it: bytes [Base, Base+Size); size 0 is an empty
/// slot.</summary>
/// <param name="Base">First byte.</param>
/// <param name="Size">Length in bytes; Base+Size may wrap in hostile input.</param>
public readonly record struct Cmr(ulong Base, ulong Size)
{
    /// <summary>MAX_CMR: slots of the module's table.</summary>
    public const int MaxSlots = 32;

    /// <summary>First byte after; wraps at 2^64.</summary>
    public ulong End => unchecked(Base + Size);
}
