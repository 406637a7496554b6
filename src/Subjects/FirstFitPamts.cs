// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;

namespace TdxVerify.Subjects;

/// <summary>
/// alloc_contig_pages() on a machine whose pages are all free above 1 MiB: zones Normal, DMA32, DMA of the node, then the
/// other nodes by number; candidates start at the zone's start rounded by the kernel's ALIGN(), in steps of the size.
/// </summary>
/// <param name="memory">The pages of every node, ascending.</param>
public sealed class FirstFitPamts(IReadOnlyList<PfnRange> memory) : IPamtAllocator
{
    private const ulong DmaEnd = 16 * Sizes.Mib;

    /// <summary>Zone bounds as GFP_KERNEL falls back through them, in page frames.</summary>
    private static readonly (ulong Start, ulong End)[] Zones =
    [
        (Pages.PfnDown(Sizes.Gib4), ulong.MaxValue),
        (Pages.PfnDown(DmaEnd), Pages.PfnDown(Sizes.Gib4)),
        (Pages.PfnDown(Sizes.Mib), Pages.PfnDown(DmaEnd)),
    ];

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
            foreach (var (start, end) in Zones)
            {
                if (TryZone(Blocks(node, start, end), pages, out pfn))
                {
                    _taken.Add(pfn, pfn + pages);
                    return true;
                }
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public void Free(ulong pfn, ulong pages) => _taken.Remove(pfn);

    /// <summary>Page frames of a node inside a zone, touching ones joined.</summary>
    private List<AddressRange> Blocks(int nid, ulong start, ulong end) =>
        RangeSets.Normalize(memory.Where(r => r.Nid == nid)
            .Select(r => new AddressRange(Math.Max(r.Start, start), Math.Min(r.End, end))));

    private bool TryZone(List<AddressRange> blocks, ulong pages, out ulong pfn)
    {
        pfn = 0;
        if (blocks.Count == 0)
        {
            return false;
        }

        // The kernel rounds bitwise although the size is usually no power of two.
        var candidate = unchecked(blocks[0].Start + pages - 1) & ~(pages - 1);
        foreach (var block in blocks)
        {
            if (block.Start > candidate)
            {
                candidate += (block.Start - candidate + pages - 1) / pages * pages;
            }

            for (; candidate >= block.Start && candidate < block.End && block.End - candidate >= pages; candidate += pages)
            {
                if (IsFree(candidate, pages))
                {
                    pfn = candidate;
                    return true;
                }
            }
        }

        return false;
    }

    private bool IsFree(ulong start, ulong pages)
    {
        foreach (var (taken, end) in _taken)
        {
            if (taken < start + pages && start < end)
            {
                return false;
            }
        }

        return true;
    }
}
