// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>memblock as hotplug changes it, where CONFIG_ARCH_KEEP_MEMBLOCK keeps it.</summary>
public interface IArchKeepMemblock
{
    /// <summary>memblock_add_node() of bytes [start, start+size).</summary>
    /// <returns>False when the array could not grow.</returns>
    bool TryAdd(ulong start, ulong size, int nid, bool isDriverManaged);

    /// <summary>memblock_remove() of bytes [start, start+size).</summary>
    void Remove(ulong start, ulong size);
}
