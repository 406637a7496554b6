// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>An ACPI memory device (PNP0C80): a DIMM in a slot.</summary>
/// <param name="range">Its bytes.</param>
public sealed class MemoryDevice(string name, int nid, AddressRange range)
{
    public string Name => name;
    public int Nid => nid;

    /// <summary>Its bytes.</summary>
    public AddressRange Range => range;

    /// <summary>Memory blocks that are bound to it.</summary>
    public List<ulong> Blocks { get; } = [];

    public bool IsEnabled { get; set; }
}
