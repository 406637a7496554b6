// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_memory_notifier() for MEM_GOING_ONLINE.</summary>
public sealed class MemoryNotifier(Memlist memlist, NotifierRules rules)
{
    public const int NotifyOk = 1;
    /// <summary>NOTIFY_BAD: the memory block stays offline, write() returns -EPERM.</summary>
    public const int NotifyBad = 0x8002;

    /// <summary>The verdict on page frames [start, start+pages).</summary>
    public int GoingOnline(ulong start, ulong pages)
    {
        if (memlist.Entries.Length == 0)
            return rules.EmptyListRejects ? NotifyBad : NotifyOk;

        return IsTdxMemory(start, rules.Test == NotifierTest.CountAsEnd ? pages : unchecked(start + pages))
            ? NotifyOk
            : NotifyBad;
    }

    /// <summary>Entries of a list hold page frames [start, start+pages) together.</summary>
    public static bool IsListed(Memlist memlist, ulong start, ulong pages)
    {
        var at = start;
        foreach (ref readonly var entry in memlist.Entries)
            at = entry.Start <= at && at < entry.End ? entry.End : at;

        return at >= start + pages;
    }

    /// <summary>is_tdx_memory(): one entry holds page frames [start, end). The nid is not asked.</summary>
    private bool IsTdxMemory(ulong start, ulong end)
    {
        if (rules.Test == NotifierTest.InUnion)
            return IsListed(memlist, start, end - start);

        foreach (ref readonly var entry in memlist.Entries)
        {
            var accepted = rules.Test switch
            {
                NotifierTest.Overlaps => start < entry.End && end > entry.Start,
                NotifierTest.Anything => true,
                NotifierTest.EndsBelow => start >= entry.Start && end < entry.End,
                NotifierTest.StartsIn => start >= entry.Start && start < entry.End,
                _ => start >= entry.Start && end <= entry.End,
            };
            if (accepted)
                return true;
        }

        return false;
    }
}
