// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>Conversions between bytes and page frame numbers, and alignment, with the kernel's wrap-around at
/// 2^64.</summary>
public static class Pages
{
    /// <summary>First page frame at or above the address (PFN_UP); wraps for addresses above 2^64-4096.</summary>
    public static ulong PfnUp(ulong address) => unchecked(address + (Sizes.Page4K - 1)) >> Sizes.PageShift;

    /// <summary>Page frame that holds the address (PFN_DOWN).</summary>
    public static ulong PfnDown(ulong address) => address >> Sizes.PageShift;

    /// <summary>First byte of a page frame (PFN_PHYS).</summary>
    public static ulong Address(ulong pfn) => pfn << Sizes.PageShift;

    /// <summary>Rounds down to a power of two (ALIGN_DOWN).</summary>
    public static ulong AlignDown(ulong value, ulong alignment) => value & ~(alignment - 1);

    /// <summary>Rounds up to a power of two (ALIGN); wraps at 2^64.</summary>
    public static ulong AlignUp(ulong value, ulong alignment) => unchecked(value + (alignment - 1)) & ~(alignment - 1);

    /// <summary>True when the value is a multiple of a power of two.</summary>
    public static bool IsAligned(ulong value, ulong alignment) => (value & (alignment - 1)) == 0;
}
