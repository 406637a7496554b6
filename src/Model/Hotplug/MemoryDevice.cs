// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Model.Hotplug;

/// <summary>An ACPI memory device (PNP0C80): a DIMM in a slot.</summary>
/// <param name="name">What scenarios call it.</param>
/// <param name="nid">Its node.</param>
/// <param name="range">Its bytes.</param>
public sealed class MemoryDevice(string name, int nid, AddressRange range)
{
    /// <summary>What scenarios call it.</summary>
    public string Name => name;

    /// <summary>Its node.</summary>
    public int Nid => nid;

    /// <summary>Its bytes.</summary>
    public AddressRange Range => range;

    /// <summary>Memory blocks that are bound to it.</summary>
    public List<ulong> Blocks { get; } = [];

    /// <summary>The kernel took its memory.</summary>
    public bool IsEnabled { get; set; }
}
