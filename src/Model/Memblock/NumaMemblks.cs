// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>struct numa_meminfo with the rules of mm/numa_memblks.c.</summary>
public sealed class NumaMemblks
{
    /// <summary>NR_NODE_MEMBLKS: two blocks a node.</summary>
    public const int MaxBlocks = PfnRange.MaxNumnodes * 2;

    private readonly List<NodeBlock> _blocks = [];
    private readonly bool[] _holdsKernel = new bool[PfnRange.MaxNumnodes];

    public IReadOnlyList<NodeBlock> Blocks => _blocks;

    public void Clear() => _blocks.Clear();

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
            return true;

        if (_blocks.Count >= MaxBlocks)
            return false;

        _blocks.Add(new NodeBlock(start, end, nid));
        return true;
    }

    /// <summary>numa_cleanup_meminfo(): drops blocks without RAM, clips to limits, joins a node's blocks across
    /// gaps.</summary>
    /// <param name="within">What blocks are clipped to, in bytes.</param>
    /// <returns>False when blocks of two nodes overlap.</returns>
    public bool TryCleanUp(MemblockTable memblock, AddressRange within)
    {
        Clip(memblock, within);
        for (var i = 0; i < _blocks.Count; i++)
        {
            for (var j = i + 1; j < _blocks.Count; j++)
            {
                var one = _blocks[i];
                var other = _blocks[j];
                if (one.Nid != other.Nid)
                {
                    if (one.End > other.Start && one.Start < other.End)
                        return false;

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

    /// <summary>numa_register_meminfo(): gives memblock its nodes; nodes that hold kernel memory lose the HOTPLUG
    /// flag.</summary>
    /// <param name="memblock">The memblock that nodes are given to.</param>
    public void Register(MemblockTable memblock)
    {
        foreach (var block in _blocks)
        {
            memblock.SetNode(block.Start, block.End - block.Start, memblock.Memory, block.Nid);
            memblock.SetNode(block.Start, block.End - block.Start, memblock.Reserved, block.Nid);
        }

        Array.Clear(_holdsKernel);
        foreach (ref readonly var region in memblock.Reserved.Regions)
        {
            if (PfnRange.IsValidNode(region.Nid))
                _holdsKernel[region.Nid] = true;
        }

        foreach (var block in _blocks)
        {
            if (_holdsKernel[block.Nid])
                memblock.ClearHotplug(block.Start, block.End - block.Start);
        }
    }

    private void Clip(MemblockTable memblock, AddressRange within)
    {
        var kept = 0;
        for (var i = 0; i < _blocks.Count; i++)
        {
            var block = _blocks[i];
            var clipped =
                block with { Start = Math.Max(block.Start, within.Start), End = Math.Min(block.End, within.End) };
            if (clipped.Start < clipped.End
                && MemblockTable.Overlaps(memblock.Memory, block.Start, block.End - block.Start))
            {
                _blocks[kept++] = clipped;
            }
        }

        _blocks.RemoveRange(kept, _blocks.Count - kept);
    }

    private bool TouchesAnotherNode(NodeBlock joined)
    {
        foreach (var block in _blocks)
        {
            if (block.Nid != joined.Nid && joined.Start < block.End && joined.End > block.Start)
                return true;
        }

        return false;
    }
}
