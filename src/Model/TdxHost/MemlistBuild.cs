// SPDX-License-Identifier: MIT


namespace TdxVerify.Model.TdxHost;

/// <summary>The walk of build_tdx_memlist(): memblock regions to entries of tdx_memlist, without the
/// allocations.</summary>
public static class MemlistBuild
{
    private const ulong FirstPfn = Sizes.Mib >> Sizes.PageShift;

    /// <summary>for_each_mem_pfn_range(), cut at 1 MiB.</summary>
    /// <param name="entries">Where entries go; as long as the regions, and undefined behind the last entry.</param>
    public static int Collect(ReadOnlySpan<MemblockRegion> regions, Span<PfnRange> entries)
    {
        if (entries.Length < regions.Length)
            throw new ArgumentException("as many entries as regions are needed", nameof(entries));

        // An entry is written for every region and written over when nothing is left of it: no branch to guess.
        var count = 0;
        foreach (ref readonly var region in regions)
        {
            var start = Math.Max(Pages.PfnUp(region.Base), FirstPfn);
            var end = Pages.PfnDown(region.End);
            entries[count] = new PfnRange(start, end, region.Nid);
            count += start < end ? 1 : 0;
        }

        return count;
    }
}
