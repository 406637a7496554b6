// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Memblock;

/// <summary>What for_each_mem_range() and for_each_free_mem_range() show, forward and reverse, as one number: the
/// walks of native/kernel, one by one.</summary>
internal static class MemoryWalk
{
    private const MemblockFlags OfDrivers = MemblockFlags.Hotplug | MemblockFlags.DriverManaged;

    public static ulong Digest(MemblockTable memblock, FreeMemorySearch search, int nid)
    {
        var all = Regions(memblock, PfnRange.NoNode, OfDrivers);
        var ofNode = Regions(memblock, nid, MemblockFlags.None);
        var free = search.FreeRegions(nid);
        var digest = WordDigest.Start;
        foreach (var region in all.Concat(Enumerable.Reverse(all)))
            digest = WordDigest.With(WordDigest.With(digest, region.Base), region.End);

        foreach (var region in ofNode)
            digest = WordDigest.With(WordDigest.With(digest, region.Base), unchecked((ulong)region.Nid));

        foreach (var region in Enumerable.Reverse(ofNode))
            digest = WordDigest.With(WordDigest.With(digest, region.End), unchecked((ulong)region.Nid));

        foreach (var region in free.Concat(Enumerable.Reverse(free)))
        {
            digest = WordDigest.With(WordDigest.With(digest, region.Base), region.End);
            digest = WordDigest.With(digest, unchecked((ulong)region.Nid));
        }

        return digest;
    }

    /// <summary>Regions that should_skip_region() lets through.</summary>
    private static List<MemblockRegion> Regions(MemblockTable memblock, int nid, MemblockFlags asked)
    {
        const MemblockFlags Unasked = MemblockFlags.Nomap | MemblockFlags.DriverManaged;
        var regions = new List<MemblockRegion>();
        foreach (ref readonly var region in memblock.Memory.Regions)
        {
            if ((!PfnRange.IsValidNode(nid) || region.Nid == nid) && (region.Flags & Unasked & ~asked) == 0)
                regions.Add(region);
        }

        return regions;
    }
}
