// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_memory_notifier() for MEM_GOING_ONLINE.</summary>
public sealed class MemoryNotifier(Memlist memlist, OnlineTest test)
{
    /// <summary>The verdict on page frames [start, start+pages). An empty list means that TDX is off.</summary>
    public int GoingOnline(ulong start, ulong pages) =>
        memlist.Entries.Length == 0 || IsTdxMemory(start, unchecked(start + pages))
            ? NotifierVerdict.Ok
            : NotifierVerdict.Bad;

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
        if (test != OnlineTest.InOneEntry)
            return test == OnlineTest.Anything || IsListed(memlist, start, end - start);

        foreach (ref readonly var entry in memlist.Entries)
        {
            if (start >= entry.Start && end <= entry.End)
                return true;
        }

        return false;
    }
}
