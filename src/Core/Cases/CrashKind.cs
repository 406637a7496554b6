// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>How kernel code ends that does not come back.</summary>
public enum CrashKind
{
    /// <summary>panic().</summary>
    Panic = 1,
    /// <summary>BUG() or BUG_ON().</summary>
    Bug,
    /// <summary>It touched memory that is not its own.</summary>
    Fault,
    /// <summary>It touched tdx_memlist or memblock without mem_hotplug_lock.</summary>
    Unlocked,
    /// <summary>It went on for ever.</summary>
    Endless,
    /// <summary>The process that ran it is gone.</summary>
    Lost,
    /// <summary>Everybody waits for a lock that another holds.</summary>
    Deadlock,
}
