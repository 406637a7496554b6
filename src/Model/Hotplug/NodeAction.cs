// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>What the node notifier chain is told, as include/linux/node.h numbers it.</summary>
public enum NodeAction
{
    /// <summary>NODE_ADDING_FIRST_MEMORY.</summary>
    AddingFirstMemory = 1,
    /// <summary>NODE_ADDED_FIRST_MEMORY.</summary>
    AddedFirstMemory = 2,
    /// <summary>NODE_CANCEL_ADDING_FIRST_MEMORY.</summary>
    CancelAddingFirstMemory = 4,
    /// <summary>NODE_REMOVING_LAST_MEMORY.</summary>
    RemovingLastMemory = 8,
    /// <summary>NODE_REMOVED_LAST_MEMORY.</summary>
    RemovedLastMemory = 16,
    /// <summary>NODE_CANCEL_REMOVING_LAST_MEMORY.</summary>
    CancelRemovingLastMemory = 32,
}
