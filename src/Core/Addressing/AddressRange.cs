// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>Bytes [Start, End), half open.</summary>
/// <param name="Start">First byte.</param>
/// <param name="End">First byte after the range.</param>
public readonly record struct AddressRange(ulong Start, ulong End)
{
    /// <summary>Length in bytes; 0 when empty or reversed.</summary>
    public ulong Size => End > Start ? End - Start : 0;

    /// <summary>True when no byte is in it.</summary>
    public bool IsEmpty => End <= Start;

    /// <summary>The bytes of [Start, Start+size), cut at 2^64-1.</summary>
    public static AddressRange OfSize(ulong start, ulong size) =>
        new(start, start > ulong.MaxValue - size ? ulong.MaxValue : start + size);

    /// <summary>The bytes that an inclusive pair names; its last byte may be 2^64-1, which is then left out.</summary>
    public static AddressRange Inclusive(ulong first, ulong last) =>
        new(first, last == ulong.MaxValue ? last : last + 1);

    /// <summary>True when both share a byte.</summary>
    public bool Overlaps(AddressRange other) => Start < other.End && other.Start < End && !IsEmpty && !other.IsEmpty;

    /// <summary>True when every byte of the other is in this one.</summary>
    public bool Contains(AddressRange other) => other.Start >= Start && other.End <= End;

    /// <summary>The kernel's spelling of a half-open range.</summary>
    public override string ToString() => $"[0x{Start:x}, 0x{End:x})";
}
