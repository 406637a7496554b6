// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;

namespace TdxVerify.Subjects.Pamts;

/// <summary>The highest or the lowest place of the node.</summary>
/// <param name="memory">Free page frames of every node, ascending.</param>
/// <param name="topDown">From the end down.</param>
internal sealed class EdgeFitPamts(IReadOnlyList<PfnRange> memory, bool topDown) : NodePamts(memory)
{
    /// <inheritdoc/>
    protected override bool TryPlace(List<AddressRange> blocks, ulong pages, out ulong pfn)
    {
        foreach (var block in topDown ? blocks.AsEnumerable().Reverse() : blocks)
        {
            if (TryBlock(block, pages, out pfn))
            {
                return true;
            }
        }

        pfn = 0;
        return false;
    }

    private bool TryBlock(AddressRange block, ulong pages, out ulong pfn)
    {
        pfn = topDown ? block.End - pages : block.Start;
        while (block.Size >= pages && pfn >= block.Start && pfn <= block.End - pages)
        {
            if (Obstacle(pfn, pages) is not { } taken)
            {
                return true;
            }

            if (topDown && taken.Start < block.Start + pages)
            {
                return false;
            }

            pfn = topDown ? taken.Start - pages : taken.End;
        }

        return false;
    }
}
