// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>Sizes in bytes that x86-64 memory management and the TDX module are built on.</summary>
public static class Sizes
{
    /// <summary>log2 of the base page size.</summary>
    public const int PageShift = 12;
    /// <summary>4 KiB, the base page.</summary>
    public const ulong Page4K = 1UL << PageShift;
    /// <summary>1 KiB, the unit of the kernel's PAMT line.</summary>
    public const ulong Kib = 1UL << 10;
    /// <summary>1 MiB: memory below it is never TDX memory.</summary>
    public const ulong Mib = 1UL << 20;
    /// <summary>2 MiB, the PMD page.</summary>
    public const ulong Page2M = 1UL << 21;
    /// <summary>4 MiB: the part of a TDMR that module 1.5 initialises per TDH.SYS.TDMR.INIT.</summary>
    public const ulong Mib4 = 1UL << 22;
    /// <summary>1 GiB, the PUD page and the alignment of a TDMR.</summary>
    public const ulong Page1G = 1UL << 30;
    /// <summary>4 GiB, the end of ZONE_DMA32.</summary>
    public const ulong Gib4 = 1UL << 32;
}
