// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>What a kernel was seen to do: what predictions are held against, and input only where the given lines are missing.</summary>
public sealed class Observed
{
    /// <summary>"Early memory node ranges": pages and nodes, in print order.</summary>
    public List<PfnRange> EarlyRanges { get; } = [];

    /// <summary>The last dump of memblock.memory, from memblock=debug or debugfs; nid <see cref="PfnRange.MaxNumnodes"/> when none was printed.</summary>
    public List<MemblockRegion> MemblockMemory { get; } = [];

    /// <summary>RAM that was online when somebody looked (/sys/devices/system/memory).</summary>
    public List<PfnRange> OnlineMemory { get; } = [];

    /// <summary>Memory block size in bytes, 0 when not printed.</summary>
    public ulong MemoryBlockSize { get; set; }

    /// <summary>The highest "last_pfn =": page frame after the last RAM or ACPI entry; 0 when not printed.</summary>
    public ulong LastPfn { get; set; }

    /// <summary>KB (1024 bytes) of "allocated for PAMT", or null.</summary>
    public ulong? PamtKb { get; set; }

    /// <summary>How the TDX initialisation ended.</summary>
    public ObservedOutcome Outcome { get; set; } = ObservedOutcome.NotSeen;

    /// <summary>Errno of a failed initialisation as printed (negative), 0 when none was printed.</summary>
    public int Errno { get; set; }

    /// <summary>The kernel's own reason line, without its prefix, or null.</summary>
    public string? Reason { get; set; }

    /// <summary>Leaf of a failed SEAMCALL, or null.</summary>
    public ulong? FailedLeaf { get; set; }

    /// <summary>Status of that SEAMCALL.</summary>
    public ulong FailedStatus { get; set; }

    /// <summary>The kernel said "Enable Dynamic PAMT".</summary>
    public bool DynamicPamt { get; set; }

    /// <summary>The log spells its outcome as kernels since 7.1 do ("TDX-Module initialized").</summary>
    public bool SubsysInitcallWording { get; set; }

    /// <summary>A line of the TDX host code was seen at all.</summary>
    public bool MentionsTdx { get; set; }

    /// <summary>Back to nothing seen.</summary>
    public void Clear()
    {
        EarlyRanges.Clear();
        MemblockMemory.Clear();
        OnlineMemory.Clear();
        MemoryBlockSize = LastPfn = FailedStatus = 0;
        PamtKb = FailedLeaf = null;
        Outcome = ObservedOutcome.NotSeen;
        Errno = 0;
        Reason = null;
        DynamicPamt = SubsysInitcallWording = MentionsTdx = false;
    }
}

/// <summary>How the initialisation ended, as far as a log shows.</summary>
public enum ObservedOutcome
{
    /// <summary>No line says it.</summary>
    NotSeen,

    /// <summary>"module initialized".</summary>
    Initialized,

    /// <summary>"module initialization failed", or a gate before it.</summary>
    Failed,

    /// <summary>The TDX module was not there at all: "module not loaded", "not enabled by BIOS".</summary>
    NoModule,
}
