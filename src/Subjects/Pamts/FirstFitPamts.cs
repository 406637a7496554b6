// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;

namespace TdxVerify.Subjects.Pamts;

/// <summary>
/// alloc_contig_pages() on a machine whose pages are all free above 1 MiB: zones Normal, DMA32 and DMA of the node;
/// candidates start at the zone's start rounded by the kernel's ALIGN(), in steps of the size.
/// </summary>
/// <param name="memory">Free page frames of every node, ascending.</param>
internal sealed class FirstFitPamts(IReadOnlyList<PfnRange> memory) : NodePamts(memory)
{
    private const ulong DmaEnd = 16 * Sizes.Mib;

    /// <summary>Zones in the order in which GFP_KERNEL falls back through them, in page frames.</summary>
    private static readonly AddressRange[] Zones =
    [
        new(Pages.PfnDown(Sizes.Gib4), ulong.MaxValue),
        new(Pages.PfnDown(DmaEnd), Pages.PfnDown(Sizes.Gib4)),
        new(Pages.PfnDown(Sizes.Mib), Pages.PfnDown(DmaEnd)),
    ];

    /// <inheritdoc/>
    protected override bool TryPlace(List<AddressRange> blocks, ulong pages, out ulong pfn)
    {
        pfn = 0;
        foreach (var zone in Zones)
        {
            var inside = RangeSets.Intersect(RangeSets.Normalize(blocks), [zone]);
            if (inside.Count > 0 && TryZone(inside, pages, out pfn))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryZone(List<AddressRange> blocks, ulong pages, out ulong pfn)
    {
        // The kernel rounds bitwise although the size is usually no power of two.
        var candidate = unchecked(blocks[0].Start + pages - 1) & ~(pages - 1);
        foreach (var block in blocks)
        {
            if (block.Start > candidate)
            {
                candidate += (block.Start - candidate + pages - 1) / pages * pages;
            }

            for (; candidate < block.End && block.End - candidate >= pages; candidate += pages)
            {
                if (candidate >= block.Start && Obstacle(candidate, pages) is null)
                {
                    pfn = candidate;
                    return true;
                }
            }
        }

        pfn = 0;
        return false;
    }
}
