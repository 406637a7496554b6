// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.KernelLog;

namespace TdxVerify.Core.Cases;

/// <summary>What a kernel was seen to do: what predictions are compared with, and input only where the given lines are
/// missing.</summary>
public sealed class Observed
{
    private static readonly Version SubsysInitcall = new(7, 1);

    /// <summary>"Early memory node ranges": pages and nodes, in print order.</summary>
    public List<PfnRange> EarlyRanges { get; } = [];

    /// <summary>The last dump of memblock.memory, from memblock=debug or debugfs; nid
    /// <see cref="PfnRange.MaxNumnodes"/> when none was printed.</summary>
    public List<MemblockRegion> MemblockMemory { get; } = [];

    /// <summary>RAM that was online when somebody looked (/sys/devices/system/memory).</summary>
    public List<PfnRange> OnlineMemory { get; } = [];

    /// <summary>Memory block size in bytes, 0 when not printed.</summary>
    public ulong MemoryBlockSize { get; set; }

    /// <summary>The highest "last_pfn =": page frame after the last RAM or ACPI entry; 0 when not printed.</summary>
    public ulong LastPfn { get; set; }

    /// <summary>What the TDX host code said of the outcome: the last message of each spelling, in log order.</summary>
    public List<LogMessage> Messages { get; } = [];

    /// <summary>A line of the TDX host code was seen at all.</summary>
    public bool MentionsTdx { get; set; }

    /// <summary>The boot came as far as user space: what the kernel says of TDX it has said.</summary>
    public bool ReachedUserSpace { get; set; }

    /// <summary>A scenario file: its memory map is whole.</summary>
    public bool IsScenario { get; set; }

    /// <summary>KB (1024 bytes) of "allocated for PAMT", or null.</summary>
    public ulong? PamtKb =>
        Messages.FindLast(static m => PamtUnit(m) != 0) is { } pamt ? pamt.First * PamtUnit(pamt) : null;

    public ObservedOutcome Outcome =>
        Messages.Select(OutcomeOf).LastOrDefault(static o => o != ObservedOutcome.NotSeen);

    /// <summary>Errno of a failed initialisation as printed (negative), 0 when none was printed.</summary>
    public int Errno => unchecked((int)(Last(KernelLine.ModuleFailed)?.First ?? 0));

    /// <summary>The kernel's own reason, or null.</summary>
    public LogMessage? Reason =>
        Messages.FindLast(static m => m.Template.IsReason || OutcomeOf(m) == ObservedOutcome.NoModule);

    /// <summary>Leaf of a failed SEAMCALL, or null.</summary>
    public ulong? FailedLeaf => Last(KernelLine.SeamcallFailed)?.First;

    public ulong FailedStatus => Last(KernelLine.SeamcallFailed)?.Second ?? 0;

    /// <summary>The kernel said "Enable Dynamic PAMT".</summary>
    public bool DynamicPamt => Last(KernelLine.DynamicPamt) is not null;

    /// <summary>The log spells its outcome as kernels since 7.1 do ("TDX-Module initialized").</summary>
    public bool SubsysInitcallWording => Messages.Exists(static m => m.Template.Since >= SubsysInitcall);

    /// <summary>A message takes the place of an earlier one of its spelling.</summary>
    public void Add(LogMessage message)
    {
        Messages.RemoveAll(m => m.Template == message.Template);
        Messages.Add(message);
    }

    public void Clear()
    {
        EarlyRanges.Clear();
        MemblockMemory.Clear();
        OnlineMemory.Clear();
        Messages.Clear();
        MemoryBlockSize = LastPfn = 0;
        MentionsTdx = ReachedUserSpace = IsScenario = false;
    }

    /// <summary>KB that the number of the message counts; 0: it is none about PAMT.</summary>
    private static ulong PamtUnit(LogMessage message) => message.Line switch
    {
        KernelLine.PamtAllocated => 1,
        KernelLine.PamtPagesAllocated => Sizes.Page4K / Sizes.Kib,
        _ => 0,
    };

    private static ObservedOutcome OutcomeOf(LogMessage message) => message.Line switch
    {
        _ when message.Template.IsReason => ObservedOutcome.Failed,
        KernelLine.ModuleInitialized => ObservedOutcome.Initialized,
        KernelLine.ModuleFailed or KernelLine.SeamcallFailed => ObservedOutcome.Failed,
        KernelLine.ModuleNotLoaded or KernelLine.NotEnabledByBios => ObservedOutcome.NoModule,
        _ => ObservedOutcome.NotSeen,
    };

    private LogMessage? Last(KernelLine line) => Messages.FindLast(m => m.Line == line);
}
