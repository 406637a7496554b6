// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>A SEAMCALL that answers what the script says instead of what the module would.</summary>
/// <param name="Leaf">Leaf number, version bits not counted.</param>
/// <param name="Nth">First call of that leaf that fails, from 1; a retry is a call.</param>
public readonly record struct SeamcallFault(ulong Leaf, int Nth, int Times, ulong Status);

/// <summary>What goes wrong around the host code. Counts start at 1; 0: never.</summary>
public sealed class Faults
{
    /// <summary>The kmalloc() of tdx.c that returns NULL.</summary>
    public int FailingKmalloc { get; set; }

    /// <summary>The alloc_contig_pages() that returns NULL.</summary>
    public int FailingContig { get; set; }

    /// <summary>The alloc_pages_exact() that returns NULL.</summary>
    public int FailingPagesExact { get; set; }

    /// <summary>The kmalloc() of memblock.c, for an array that it doubles, that returns NULL.</summary>
    public int FailingArray { get; set; }

    /// <summary>The VMXON for TDX that fails.</summary>
    public int FailingVmxon { get; set; }

    /// <summary>How it fails, a negative errno: another hypervisor has VMX on (-EBUSY), or it faults
    /// (-EFAULT).</summary>
    public int VmxonErrno { get; set; }

    public List<SeamcallFault> Seamcalls { get; } = [];

    /// <summary>hibernation_available() is true at tdx_init().</summary>
    public bool HibernationAvailable { get; set; }

    /// <summary>register_memory_notifier() fails with this errno (negative); 0: it succeeds.</summary>
    public int NotifierRegistrationErrno { get; set; }

    public void Clear()
    {
        FailingKmalloc = FailingContig = FailingPagesExact = FailingArray = NotifierRegistrationErrno = FailingVmxon
            = VmxonErrno = 0;
        HibernationAvailable = false;
        Seamcalls.Clear();
    }

    public void CopyFrom(Faults other)
    {
        FailingKmalloc = other.FailingKmalloc;
        FailingContig = other.FailingContig;
        FailingPagesExact = other.FailingPagesExact;
        NotifierRegistrationErrno = other.NotifierRegistrationErrno;
        FailingArray = other.FailingArray;
        FailingVmxon = other.FailingVmxon;
        VmxonErrno = other.VmxonErrno;
        HibernationAvailable = other.HibernationAvailable;
        Seamcalls.Clear();
        Seamcalls.AddRange(other.Seamcalls);
    }
}
