// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxHost;

/// <summary>tdx_memory_notifier() for MEM_GOING_ONLINE.</summary>
/// <param name="memlist">The list it asks.</param>
public sealed class MemoryNotifier(Memlist memlist)
{
    /// <summary>NOTIFY_OK.</summary>
    public const int NotifyOk = 1;

    /// <summary>NOTIFY_BAD: the memory block stays offline, write() returns -EPERM.</summary>
    public const int NotifyBad = 0x8002;

    /// <summary>The verdict on page frames [start, start+pages).</summary>
    public int GoingOnline(ulong start, ulong pages) =>
        memlist.Entries.Count == 0 || memlist.Holds(start, unchecked(start + pages)) ? NotifyOk : NotifyBad;
}
