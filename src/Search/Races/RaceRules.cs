// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>What must hold when all threads have come to their end.</summary>
internal static class RaceRules
{
    /// <summary>The first that is broken, or null.</summary>
    public static string? FirstBroken(RaceContext world, bool areDone)
    {
        if (!areDone)
            return "threads wait for each other for ever";

        if (world.Configurations > 1)
            return "TDH.SYS.CONFIG runs twice";

        if (world.Configured is not { } list)
            return "TDX is not initialised";

        if (list.Distinct().Count() != list.Count)
            return "an entry stands twice in tdx_memlist";

        if (!world.History.Exists(h => h.SequenceEqual(list)))
            return "tdx_memlist is no state that memblock ever had";

        if (world.Managed.Exists(b => !list.Contains(b)))
            return "while TDX is on, the page allocator has a block that is not in tdx_memlist (H5)";

        foreach (var (block, isAccepted, wasOn) in world.Verdicts)
        {
            if (!isAccepted && (!wasOn || list.Contains(block)))
                return "the notifier refuses a block by a list that is not complete (H2, H3)";
        }

        return null;
    }
}
