// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;

namespace TdxVerify.Subjects.Pamts;

/// <summary>Contiguous pages from the node that was asked for, else from the other nodes by number.</summary>
/// <param name="memory">Free page frames of every node, ascending.</param>
internal abstract class NodePamts(IReadOnlyList<PfnRange> memory) : IPamtAllocator
{
    private readonly SortedList<ulong, ulong> _taken = [];

    /// <inheritdoc/>
    public bool TryAllocate(ulong pages, int nid, out ulong pfn)
    {
        pfn = 0;
        if (pages == 0)
        {
            return false;
        }

        foreach (var node in memory.Select(static r => r.Nid).Distinct().OrderBy(n => n == nid ? -2 : n))
        {
            var blocks = memory.Where(r => r.Nid == node).Select(static r => new AddressRange(r.Start, r.End)).ToList();
            if (TryPlace(blocks, pages, out pfn))
            {
                _taken.Add(pfn, pfn + pages);
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Free(ulong pfn, ulong pages) => _taken.Remove(pfn);

    /// <summary>Finds a place among a node's page frames.</summary>
    protected abstract bool TryPlace(List<AddressRange> blocks, ulong pages, out ulong pfn);

    /// <summary>What lies in the way of page frames [start, start+pages); null when nothing does.</summary>
    protected AddressRange? Obstacle(ulong start, ulong pages)
    {
        foreach (var (taken, end) in _taken)
        {
            if (taken < start + pages && start < end)
            {
                return new AddressRange(taken, end);
            }
        }

        return null;
    }
}
