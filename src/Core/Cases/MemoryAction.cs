// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>What the memory notifier chain is told, numbered as 6.12's enum memory_block_state does; other trees
/// number it otherwise.</summary>
public enum MemoryAction
{
    /// <summary>MEM_ONLINE.</summary>
    Online,
    /// <summary>MEM_GOING_OFFLINE.</summary>
    GoingOffline,
    /// <summary>MEM_OFFLINE.</summary>
    Offline,
    /// <summary>MEM_GOING_ONLINE: the one that TDX may refuse.</summary>
    GoingOnline,
    /// <summary>MEM_CANCEL_ONLINE.</summary>
    CancelOnline,
    /// <summary>MEM_CANCEL_OFFLINE.</summary>
    CancelOffline,
    /// <summary>MEM_PREPARE_ONLINE.</summary>
    PrepareOnline,
    /// <summary>MEM_FINISH_OFFLINE.</summary>
    FinishOffline,
}
