// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>numa=fake= of mm/numa_emulation.c: N (fake nodes), NM or NG (size of each), NU (fake nodes for each real
/// one).</summary>
internal sealed class NumaEmulation(MemblockTable memblock, AddressRange within, ulong maxAddress)
{
    /// <summary>FAKE_NODE_MIN_SIZE.</summary>
    private const ulong MinSize = 32 * Sizes.Mib;

    private readonly List<NodeBlock> _real = [];
    private readonly NumaMemblks _fake = new();
    private readonly List<int> _nodes = [];

    /// <summary>Splits the real nodes; they stay as they are when the parameter makes no sense or memory is
    /// short.</summary>
    public void Apply(string parameter, NumaMemblks meminfo)
    {
        _real.AddRange(meminfo.Blocks);
        _nodes.AddRange(meminfo.Blocks.Select(static b => b.Nid).Distinct().Order());
        if (TrySplit(parameter) && _fake.TryCleanUp(memblock, within))
            meminfo.Replace(_fake);
    }

    private bool TrySplit(string parameter)
    {
        var text = parameter.AsSpan();
        if (parameter.Contains('U', StringComparison.Ordinal))
        {
            var each = KernelNumber.Plain(ref text);
            return each is > 0 and <= PfnRange.MaxNumnodes && TrySplitEach((int)each);
        }

        if (parameter.Contains('M', StringComparison.Ordinal) || parameter.Contains('G', StringComparison.Ordinal))
        {
            var size = KernelNumber.WithUnit(ref text);
            return size != 0 && SplitBySize(size, 0, maxAddress) >= 0;
        }

        var count = KernelNumber.Plain(ref text);
        return count is > 0 and <= int.MaxValue && TrySplitInto((int)Math.Min(count, PfnRange.MaxNumnodes));
    }

    /// <summary>split_nodes_interleave(): N nodes of about equal RAM.</summary>
    private bool TrySplitInto(int count)
    {
        var size = Pages.Address((maxAddress - HoleSize(0, maxAddress)) / Sizes.Page4K / (ulong)count);
        var big = (int)(size % MinSize * (ulong)count / MinSize);
        size -= size % MinSize;
        if (size == 0)
            return false;

        var nid = 0;
        return Interleave(ref nid, count, (block, fakeNid) =>
        {
            var end = block.Start + size + (fakeNid < big ? MinSize : 0);
            return StretchOverDma32(
                ExtendOverHoles(block.Start, end, block.End, size), block.End, size, keepTail: true);
        });
    }

    /// <summary>split_nodes_size_interleave_uniform() without a node count: nodes of at least a size. Returns the next
    /// nid or -1.</summary>
    private int SplitBySize(ulong size, ulong start, ulong end)
    {
        var least = Pages.Address((end - start - HoleSize(start, end)) / Sizes.Page4K / PfnRange.MaxNumnodes);
        size = Pages.AlignDown(Math.Max(size, Pages.AlignUp(Math.Max(least, MinSize), MinSize)), MinSize);
        var nid = 0;
        var done = Interleave(ref nid, PfnRange.MaxNumnodes, (block, _) =>
            StretchOverDma32(
                ExtendOverHoles(block.Start, block.Start + size, block.End, size), block.End, size, keepTail: true));
        return done ? nid : -1;
    }

    /// <summary>The uniform case: every real node is cut by capacity, holes or not.</summary>
    private bool TrySplitEach(int count)
    {
        var nid = 0;
        foreach (var node in _nodes.ToArray())
        {
            if (_real.Count == 0)
                return false;

            var first = _real[0];
            var least = Pages.Address((Pages.PfnDown(first.End) - Pages.PfnDown(first.Start)) / (ulong)count);
            var size = Pages.AlignDown(Math.Max(least, Pages.AlignUp(Math.Max(least, MinSize), MinSize)), MinSize);
            var before = nid;
            _nodes.Clear();
            _nodes.Add(first.Nid);
            if (!Interleave(ref nid, PfnRange.MaxNumnodes, (block, _) =>
                StretchOverDma32(block.Start + size, block.End, size, keepTail: false)))
            {
                return false;
            }

            if (nid != before && nid - before < count)
                return false;
        }

        return true;
    }

    /// <summary>Takes a fake node off every real node in turn until nothing is left.</summary>
    private bool Interleave(ref int nid, int modulus, Func<NodeBlock, int, ulong> findEnd)
    {
        var nodes = new SortedSet<int>(_nodes);
        while (nodes.Count > 0)
        {
            foreach (var node in nodes.ToArray())
            {
                var index = _real.FindIndex(b => b.Nid == node);
                if (index < 0)
                {
                    nodes.Remove(node);
                    continue;
                }

                var block = _real[index];
                var end = Math.Min(findEnd(block, nid), block.End);
                if (_fake.Blocks.Count >= NumaMemblks.MaxBlocks || !_fake.TryAdd(nid++ % modulus, block.Start, end))
                    return false;

                if (end >= block.End)
                    _real.RemoveAt(index);
                else
                    _real[index] = block with { Start = end };
            }
        }

        return true;
    }

    /// <summary>Grows in steps of 32 MiB until the node has enough RAM; whole holes are stepped over at
    /// once.</summary>
    private ulong ExtendOverHoles(ulong start, ulong end, ulong limit, ulong size)
    {
        while (end - start - HoleSize(start, end) < size)
        {
            end += Math.Max(1, (NextRam(end) - end) / MinSize) * MinSize;
            if (end > limit)
                return limit;
        }

        return end;
    }

    private ulong StretchOverDma32(ulong end, ulong limit, ulong size, bool keepTail)
    {
        if (end < Sizes.Gib4 && Sizes.Gib4 - end - HoleSize(end, Sizes.Gib4) < MinSize)
            end = Sizes.Gib4;

        return keepTail && unchecked(limit - end - HoleSize(end, limit)) < size ? limit : end;
    }

    private ulong NextRam(ulong address)
    {
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            if (range.Bytes.End > address)
                return Math.Max(range.Bytes.Start, address);
        }

        return Math.Max(maxAddress, address);
    }

    /// <summary>mem_hole_size(): bytes of whole pages in [start, end) that are not memory.</summary>
    private ulong HoleSize(ulong start, ulong end)
    {
        var first = Pages.PfnUp(start);
        var last = Pages.PfnDown(end);
        if (first >= last)
            return 0;

        var absent = last - first;
        for (var i = 0; memblock.NextPfnRange(ref i, out var range);)
        {
            var low = Math.Clamp(range.Start, first, last);
            var high = Math.Clamp(range.End, first, last);
            absent -= high - low;
        }

        return Pages.Address(absent);
    }
}
