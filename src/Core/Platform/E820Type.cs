// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Platform;

/// <summary>Type of an e820 entry (enum e820_type); any other number is legal and is not RAM.</summary>
public enum E820Type : uint
{
    /// <summary>No type: an "e820: remove" line that names none.</summary>
    None = 0,
    /// <summary>E820_TYPE_RAM, printed "usable" or "System RAM".</summary>
    Ram = 1,
    /// <summary>E820_TYPE_RESERVED, printed "reserved" or "device reserved".</summary>
    Reserved = 2,
    /// <summary>E820_TYPE_ACPI, "ACPI data".</summary>
    Acpi = 3,
    /// <summary>E820_TYPE_NVS, "ACPI NVS".</summary>
    Nvs = 4,
    /// <summary>E820_TYPE_UNUSABLE, "unusable".</summary>
    Unusable = 5,
    /// <summary>E820_TYPE_PMEM, "persistent (type 7)".</summary>
    Pmem = 7,
    /// <summary>E820_TYPE_PRAM, "persistent (type 12)".</summary>
    Pram = 12,
    /// <summary>E820_TYPE_RESERVED_KERN: setup_data inside RAM, printed "usable".</summary>
    ReservedKern = 128,
    /// <summary>E820_TYPE_SOFT_RESERVED, "soft reserved": for a driver (HBM, CXL), not for the page
    /// allocator.</summary>
    SoftReserved = 0xefffffff,
}
