// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>probe_memory_block_size(): how large a memory block is.</summary>
public static class BlockSizes
{
    /// <summary>A section, the least block.</summary>
    public const ulong Least = 128 * Sizes.Mib;
    /// <summary>The largest block.</summary>
    public const ulong Most = 2 * Sizes.Page1G;

    private const ulong MinForLarge = 64 * Sizes.Page1G;

    /// <summary>The block size of a boot, in bytes.</summary>
    /// <param name="maxPfn">max_pfn.</param>
    /// <param name="runsUnderHypervisor">CPUs say that they run under a hypervisor.</param>
    public static ulong Of(ulong maxPfn, bool runsUnderHypervisor)
    {
        var end = Pages.Address(maxPfn);
        if (end < MinForLarge)
            return Least;

        var size = Most;
        while (runsUnderHypervisor && size > Least && !Pages.IsAligned(end, size))
            size >>= 1;

        return size;
    }
}
