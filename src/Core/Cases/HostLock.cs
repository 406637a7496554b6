// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>Locks of the path, in the order in which 6.12 takes them.</summary>
public enum HostLock
{
    /// <summary>cpus_read_lock(), held by the caller of tdx_enable().</summary>
    CpusRead,
    /// <summary>tdx_module_lock.</summary>
    TdxModule,
    /// <summary>The read side of mem_hotplug_lock.</summary>
    MemHotplugRead,
    /// <summary>sysinit_lock of try_init_module_global().</summary>
    Sysinit,
    /// <summary>The write side of mem_hotplug_lock: mem_hotplug_begin().</summary>
    MemHotplugWrite,
    /// <summary>seamldr_lock around a call of P-SEAMLDR (7.2).</summary>
    Seamldr,
    /// <summary>The lock of update_ctrl, which counts CPUs that are through with a step of an update (7.2).</summary>
    UpdateControl,
}
