// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>All memory blocks, ascending. Blocks that were removed are used again.</summary>
public sealed class MemoryBlocks
{
    private readonly List<MemoryBlock> _blocks = [];
    private readonly Stack<MemoryBlock> _spare = new();

    /// <summary>memory_block_size_bytes().</summary>
    public ulong BlockSize { get; private set; } = BlockSizes.Least;

    public ulong BlockPages => BlockSize >> Sizes.PageShift;

    /// <summary>The blocks, ascending.</summary>
    public IReadOnlyList<MemoryBlock> All => _blocks;

    public void Clear(ulong blockSize)
    {
        foreach (var block in _blocks)
            _spare.Push(block);

        _blocks.Clear();
        BlockSize = blockSize;
    }

    /// <summary>The block of that number, or null.</summary>
    public MemoryBlock? Find(ulong id)
    {
        var index = IndexOf(id);
        return index < 0 ? null : _blocks[index];
    }

    /// <summary>The block that holds a page frame, or null.</summary>
    public MemoryBlock? OfPage(ulong pfn) => Find(pfn / BlockPages);

    /// <summary>First page frame of a block.</summary>
    public ulong StartOf(MemoryBlock block) => block.Id * BlockPages;

    /// <summary>Pages that hold the struct pages of one block, 64 bytes each.</summary>
    public ulong VmemmapPages => BlockPages / (Sizes.Page4K / 64);

    /// <summary>Index of the first block with that number or a higher one.</summary>
    public int FirstFrom(ulong id)
    {
        var index = IndexOf(id);
        return index < 0 ? ~index : index;
    }

    /// <summary>Makes room for a block that nobody has yet.</summary>
    public MemoryBlock Insert(ulong id)
    {
        var block = _spare.Count > 0 ? _spare.Pop() : new MemoryBlock();
        _blocks.Insert(FirstFrom(id), block);
        block.BecomeEarly(id);
        return block;
    }

    /// <summary>remove_memory_block_devices() of bytes [start, start+size).</summary>
    public void Remove(ulong start, ulong size)
    {
        var first = FirstFrom(start / BlockSize);
        var count = FirstFrom((start + size) / BlockSize) - first;
        for (var i = 0; i < count; i++)
            _spare.Push(_blocks[first + i]);

        _blocks.RemoveRange(first, count);
    }

    private int IndexOf(ulong id)
    {
        var low = 0;
        var high = _blocks.Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var found = _blocks[middle].Id;
            if (found == id)
                return middle;

            (low, high) = found < id ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }
}
