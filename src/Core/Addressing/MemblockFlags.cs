// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Addressing;

/// <summary>enum memblock_flags of 6.12, and the two that newer kernels add.</summary>
[Flags]
public enum MemblockFlags : uint
{
    /// <summary>MEMBLOCK_NONE.</summary>
    None = 0,
    /// <summary>MEMBLOCK_HOTPLUG: from SRAT, cleared everywhere before the page allocator takes over.</summary>
    Hotplug = 0x1,
    /// <summary>MEMBLOCK_MIRROR: only with kernelcore=mirror.</summary>
    Mirror = 0x2,
    /// <summary>MEMBLOCK_NOMAP.</summary>
    Nomap = 0x4,
    /// <summary>MEMBLOCK_DRIVER_MANAGED: hot-added by a driver.</summary>
    DriverManaged = 0x8,
    /// <summary>MEMBLOCK_RSRV_NOINIT: reserved type only.</summary>
    ReservedNoinit = 0x10,
    /// <summary>MEMBLOCK_RSRV_KERN: reserved type only, newer kernels.</summary>
    ReservedKern = 0x20,
    /// <summary>MEMBLOCK_KHO_SCRATCH: newer kernels.</summary>
    KhoScratch = 0x40,
}
