// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Model.Hotplug;

/// <summary>The model's memblock.</summary>
public sealed class ArchKeepMemblock(MemblockTable memblock) : IArchKeepMemblock
{
    public bool TryAdd(ulong start, ulong size, int nid, bool isDriverManaged) =>
        memblock.AddNode(
            start, size, nid, isDriverManaged ? MemblockFlags.DriverManaged : MemblockFlags.None) == MemblockResult.Ok;

    public void Remove(ulong start, ulong size) => memblock.Remove(start, size);
}
