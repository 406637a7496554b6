// SPDX-License-Identifier: MIT

using TdxVerify.Model.Memblock;

namespace TdxVerify.Subjects.Pamts;

/// <summary>What the page allocator has of every node, as page frames [start, end): no NOMAP memory, nothing below 1
/// MiB.</summary>
internal sealed class NodeMemory
{
    private PfnRange[] _ranges = new PfnRange[16];
    private AddressRange[] _blocks = new AddressRange[16];
    private int[] _nids = new int[4];
    private int[] _firsts = new int[4];
    private int[] _ends = new int[4];
    private int _count;
    private int _last;

    public int Nodes { get; private set; }

    /// <summary>Reads memblock as it is now.</summary>
    /// <param name="memblock">Its memory, ascending.</param>
    /// <param name="joined">Blocks that touch are one block, as a zone sees them; else every range is one.</param>
    public void Fill(MemblockTable memblock, bool joined)
    {
        ReadRanges(memblock.Memory.Regions);
        Sort(joined);
    }

    /// <summary>Takes pages as they are.</summary>
    /// <param name="pages">Page frames, ascending.</param>
    public void Fill(IReadOnlyList<PfnRange> pages, bool joined)
    {
        _count = Nodes = 0;
        if (_ranges.Length < pages.Count)
            Array.Resize(ref _ranges, 2 * pages.Count);

        foreach (var range in pages)
        {
            _ranges[_count++] = range;
            AddNode(range.Nid);
        }

        Sort(joined);
    }

    private void Sort(bool joined)
    {
        if (_blocks.Length < _count)
            Array.Resize(ref _blocks, _ranges.Length);

        Array.Clear(_ends, 0, Nodes);
        foreach (ref readonly var range in _ranges.AsSpan(0, _count))
            _ends[IndexOf(range.Nid)]++;

        var filled = 0;
        for (var node = 0; node < Nodes; node++)
        {
            _firsts[node] = filled;
            filled += _ends[node];
            _ends[node] = _firsts[node];
        }

        foreach (ref readonly var range in _ranges.AsSpan(0, _count))
            _blocks[_ends[IndexOf(range.Nid)]++] = new AddressRange(range.Start, range.End);

        for (var node = 0; node < Nodes && joined; node++)
            _ends[node] = Join(_firsts[node], _ends[node]);
    }

    public void Clear() => Nodes = 0;

    /// <summary>The node's place among all, which ascend by number; negative, the complement of where it would be, for
    /// one without memory.</summary>
    public int IndexOf(int nid)
    {
        // Neighbours are mostly of one node.
        if (_last >= Nodes || _nids[_last] != nid)
        {
            var place = Array.BinarySearch(_nids, 0, Nodes, nid);
            if (place < 0)
                return place;

            _last = place;
        }

        return _last;
    }

    /// <summary>Blocks of the node at a place, in the order of memblock.</summary>
    public ReadOnlySpan<AddressRange> Blocks(int node) => _blocks.AsSpan(_firsts[node], _ends[node] - _firsts[node]);

    private void ReadRanges(ReadOnlySpan<MemblockRegion> regions)
    {
        _count = Nodes = 0;
        if (_ranges.Length < regions.Length)
            Array.Resize(ref _ranges, 2 * regions.Length);

        foreach (ref readonly var region in regions)
        {
            var start = Math.Max(Pages.PfnUp(region.Base), Pages.PfnDown(Sizes.Mib));
            var end = Pages.PfnDown(region.End);
            if (start < end && (region.Flags & MemblockFlags.Nomap) == 0)
            {
                _ranges[_count++] = new PfnRange(start, end, region.Nid);
                AddNode(region.Nid);
            }
        }
    }

    private void AddNode(int nid)
    {
        var place = IndexOf(nid);
        if (place >= 0)
            return;

        if (Nodes == _nids.Length)
        {
            Array.Resize(ref _nids, 2 * Nodes);
            Array.Resize(ref _firsts, 2 * Nodes);
            Array.Resize(ref _ends, 2 * Nodes);
        }

        Array.Copy(_nids, ~place, _nids, ~place + 1, Nodes - ~place);
        _nids[~place] = nid;
        Nodes++;
    }

    /// <summary>Sorts blocks [first, end) and joins those that touch; memblock is ascending unless an address
    /// wrapped.</summary>
    private int Join(int first, int end)
    {
        for (var i = first + 1; i < end; i++)
        {
            for (var j = i; j > first && _blocks[j].Start < _blocks[j - 1].Start; j--)
                (_blocks[j - 1], _blocks[j]) = (_blocks[j], _blocks[j - 1]);
        }

        var joined = first;
        for (var i = first + 1; i < end; i++)
        {
            if (_blocks[i].Start <= _blocks[joined].End)
                _blocks[joined] = _blocks[joined] with { End = Math.Max(_blocks[joined].End, _blocks[i].End) };
            else
                _blocks[++joined] = _blocks[i];
        }

        return joined + 1;
    }
}
