// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Core.Cases;

/// <summary>Kinds of <see cref="TraceEvent"/>; what A to D hold stands beside each.</summary>
public enum TraceEventKind
{
    /// <summary>An allocation: A site, B ordinal (0: NULL), C bytes or pages, D nid, E first page frame of a PAMT.</summary>
    Allocate,

    /// <summary>A free: A site, B ordinal, C pages.</summary>
    Free,

    /// <summary>A free of what is not allocated: A site, B ordinal.</summary>
    BadFree,

    /// <summary>Freed memory was read: A site, B ordinal.</summary>
    ReadAfterFree,

    /// <summary>A lock is taken: A the <see cref="HostLock"/>.</summary>
    Lock,

    /// <summary>A lock is released: A the <see cref="HostLock"/>.</summary>
    Unlock,

    /// <summary>A SEAMCALL: A leaf, B RCX, C RDX, D status, E R8, F RDX afterwards; Lp who made it.</summary>
    Seamcall,

    /// <summary>WBINVD on every online CPU.</summary>
    Flush,

    /// <summary>Pages converted back with MOVDIR64B: A first byte, B bytes.</summary>
    Reset,

    /// <summary>A WARN: A the place.</summary>
    Warn,

    /// <summary>A log line: A the <see cref="KernelLine"/>, B to D its arguments.</summary>
    Log,

    /// <summary>The subject would go on for ever: A the leaf that it repeats. Nothing after it is recorded.</summary>
    Endless,

    /// <summary>The memory notifier chain is called: A the <see cref="MemoryAction"/>, B first page frame, C page frames, D what it returns.</summary>
    Notify,

    /// <summary>A guest's process: A the <see cref="GuestEvent"/>, B the nodes that it asks for, C the capable nodes, or for a page the policy that is in force, D an errno or the node.</summary>
    Guest,

    /// <summary>Kernel code did not come back: A the <see cref="CrashKind"/>. Nothing after it is recorded.</summary>
    Died,
}

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
}

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
}

/// <summary>One thing that happened, in order. Kernel memory is named by allocation ordinal, never by address.</summary>
/// <param name="Kind">What.</param>
/// <param name="A">See <see cref="TraceEventKind"/>.</param>
/// <param name="B">See <see cref="TraceEventKind"/>.</param>
/// <param name="C">See <see cref="TraceEventKind"/>.</param>
/// <param name="D">See <see cref="TraceEventKind"/>.</param>
/// <param name="E">See <see cref="TraceEventKind"/>.</param>
/// <param name="F">See <see cref="TraceEventKind"/>.</param>
/// <param name="Lp">Logical processor, from 0.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TraceEvent(
    TraceEventKind Kind, ulong A = 0, ulong B = 0, ulong C = 0, ulong D = 0, ulong E = 0, ulong F = 0, int Lp = 0)
{
    /// <summary>True for an allocation, free or read of a site.</summary>
    public bool IsAt(TraceEventKind kind, AllocationSite site) => Kind == kind && A == (ulong)site;

    /// <summary>True for a SEAMCALL of a leaf.</summary>
    public bool IsCall(ulong leaf) => Kind == TraceEventKind.Seamcall && A == leaf;
}
