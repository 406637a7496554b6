// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>enum zone_type of x86-64, in its order; ZONE_DEVICE has no memory that is put online.</summary>
public enum ZoneKind
{
    /// <summary>ZONE_DMA: the first 16 MiB, where it is configured.</summary>
    Dma,
    /// <summary>ZONE_DMA32: below 4 GiB.</summary>
    Dma32,
    /// <summary>ZONE_NORMAL.</summary>
    Normal,
    /// <summary>ZONE_MOVABLE.</summary>
    Movable,
}
