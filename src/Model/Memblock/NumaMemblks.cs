// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;

namespace TdxVerify.Model.Memblock;

/// <summary>struct numa_meminfo with the rules of mm/numa_memblks.c.</summary>
/// <param name="memblock">The memblock that nodes are given to.</param>
public sealed class NumaMemblks(MemblockTable memblock)
{
    /// <summary>NR_NODE_MEMBLKS: two blocks a node.</summary>
    public const int MaxBlocks = PfnRange.MaxNumnodes * 2;

    private readonly List<NodeBlock> _blocks = [];

    /// <summary>The blocks.</summary>
    public IReadOnlyList<NodeBlock> Blocks => _blocks;

    /// <summary>Takes other blocks over, as numa=fake does.</summary>
    public void Replace(NumaMemblks other)
    {
        _blocks.Clear();
        _blocks.AddRange(other._blocks);
    }

    /// <summary>numa_add_memblk(): empty, reversed and nodeless blocks are ignored.</summary>
    /// <returns>False when the table is full, which makes the kernel give the SRAT up.</returns>
    public bool TryAdd(int nid, ulong start, ulong end)
    {
        if (start >= end || !PfnRange.IsValidNode(nid))
        {
            return true;
        }

        if (_blocks.Count >= MaxBlocks)
        {
            return false;
        }

        _blocks.Add(new NodeBlock(start, end, nid));
        return true;
    }

    /// <summary>numa_cleanup_meminfo(): drops blocks without RAM, clips to RAM, joins a node's blocks across gaps.</summary>
    /// <returns>False when blocks of two nodes overlap.</returns>
    public bool TryCleanUp()
    {
        ClipToRam();
        for (var i = 0; i < _blocks.Count; i++)
        {
            for (var j = i + 1; j < _blocks.Count; j++)
            {
                var one = _blocks[i];
                var other = _blocks[j];
                if (one.Nid != other.Nid)
                {
                    if (one.End > other.Start && one.Start < other.End)
                    {
                        return false;
                    }

                    continue;
                }

                var joined = new NodeBlock(Math.Min(one.Start, other.Start), Math.Max(one.End, other.End), one.Nid);
                if (!TouchesAnotherNode(joined))
                {
                    _blocks[i] = joined;
                    _blocks.RemoveAt(j--);
                }
            }
        }

        return true;
    }

    /// <summary>numa_register_meminfo(): gives memblock its nodes; nodes that hold kernel memory lose the HOTPLUG flag.</summary>
    public void Register()
    {
        foreach (var block in _blocks)
        {
            memblock.SetNode(block.Start, block.End - block.Start, memblock.Memory, block.Nid);
            memblock.SetNode(block.Start, block.End - block.Start, memblock.Reserved, block.Nid);
        }

        var kernelNodes = new HashSet<int>();
        foreach (ref readonly var region in memblock.Reserved.Regions)
        {
            kernelNodes.Add(region.Nid);
        }

        foreach (var block in _blocks.Where(b => kernelNodes.Contains(b.Nid)))
        {
            memblock.ClearHotplug(block.Start, block.End - block.Start);
        }
    }

    private void ClipToRam()
    {
        var regions = memblock.Memory.Regions;
        var low = regions.Length == 0 ? 0 : regions[0].Base;
        var high = regions.Length == 0 ? 0 : regions[^1].End;
        var kept = new List<NodeBlock>(_blocks.Count);
        foreach (var block in _blocks)
        {
            var clipped = block with { Start = Math.Max(block.Start, low), End = Math.Min(block.End, high) };
            if (MemblockTable.Overlaps(memblock.Memory, block.Start, block.End - block.Start) && clipped.Start < clipped.End)
            {
                kept.Add(clipped);
            }
        }

        _blocks.Clear();
        _blocks.AddRange(kept);
    }

    private bool TouchesAnotherNode(NodeBlock joined) =>
        _blocks.Exists(b => b.Nid != joined.Nid && joined.Start < b.End && joined.End > b.Start);
}
