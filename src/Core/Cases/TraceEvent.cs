// SPDX-License-Identifier: MIT

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;
using TdxVerify.Core.KernelLog;

namespace TdxVerify.Core.Cases;

/// <summary>Kinds of <see cref="TraceEvent"/>; the view that reads one stands beside each.</summary>
public enum TraceEventKind
{
    /// <summary><see cref="AllocationView"/>: kmalloc(), alloc_pages_exact() or alloc_contig_pages().</summary>
    Allocate,
    /// <summary><see cref="AllocationView"/>: a free.</summary>
    Free,
    /// <summary><see cref="AllocationView"/>: a free of what is not allocated.</summary>
    BadFree,
    /// <summary><see cref="AllocationView"/>: freed memory was read.</summary>
    ReadAfterFree,
    /// <summary><see cref="TraceEvent.Lock"/> is taken.</summary>
    Lock,
    /// <summary><see cref="TraceEvent.Lock"/> is released.</summary>
    Unlock,
    /// <summary><see cref="SeamcallView"/>.</summary>
    Seamcall,
    /// <summary>WBINVD on every online CPU.</summary>
    Flush,
    /// <summary><see cref="CpuView"/>: WBINVD on one CPU.</summary>
    CpuFlush,
    /// <summary><see cref="CpuView"/>: x86_virt_get_ref() for VMX.</summary>
    VmxGet,
    /// <summary><see cref="CpuView"/>: x86_virt_put_ref() for VMX.</summary>
    VmxPut,
    /// <summary><see cref="TraceEvent.Reset"/>: pages converted back with MOVDIR64B.</summary>
    Reset,
    Warn,
    /// <summary><see cref="LogView"/>.</summary>
    Log,
    /// <summary>The subject would repeat <see cref="TraceEvent.RepeatedLeaf"/> for ever. Nothing after it is
    /// recorded.</summary>
    Endless,
    /// <summary><see cref="NotificationView"/>.</summary>
    Notify,
    /// <summary><see cref="GuestView"/>.</summary>
    Guest,
    /// <summary>Kernel code did what it must not, and went on: <see cref="TraceEvent.Misuse"/>.</summary>
    Misused,
    /// <summary>Kernel code did not return: <see cref="TraceEvent.Crash"/>. Nothing after it is recorded.</summary>
    Crashed,
}

/// <summary>
/// One thing that happened, in order, in 56 bytes that the views give names to. Kernel memory is named by allocation
/// ordinal, never by address. A view or member that is not of the event's kind gives numbers without meaning.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TraceEvent
{
    internal readonly ulong A;
    internal readonly ulong B;
    internal readonly ulong C;
    internal readonly ulong D;
    internal readonly ulong E;
    internal readonly ulong F;
    private readonly TraceEventKind _kind;
    private readonly ushort _lp;
    private readonly ushort _task;

    private TraceEvent(
        TraceEventKind kind, ulong a = 0, ulong b = 0, ulong c = 0, ulong d = 0, ulong e = 0, ulong f = 0, int lp = 0,
        int task = 0)
    {
        (_kind, A, B, C, D, E, F) = (kind, a, b, c, d, e, f);
        (_lp, _task) = ((ushort)lp, (ushort)task);
    }

    public TraceEventKind Kind => _kind;

    /// <summary>Who did it: 0, unless steps overlap.</summary>
    public int Task => _task;

    internal int Lp => _lp;

    [UnscopedRef]
    public AllocationView Allocation => new(in this);

    [UnscopedRef]
    public SeamcallView Seamcall => new(in this);

    [UnscopedRef]
    public LogView Log => new(in this);

    [UnscopedRef]
    public NotificationView Notification => new(in this);

    [UnscopedRef]
    public GuestView Guest => new(in this);

    [UnscopedRef]
    public CpuView Cpu => new(in this);
    public HostLock Lock => (HostLock)A;

    /// <summary>The bytes that were converted back.</summary>
    public AddressRange Reset => AddressRange.OfSize(A, B);

    public ulong RepeatedLeaf => A;
    public CrashKind Crash => (CrashKind)A;
    public Misuse Misuse => (Misuse)A;

    /// <summary>True for an allocation, free or read of a site.</summary>
    public bool IsAt(TraceEventKind kind, AllocationSite site) => Kind == kind && A == (ulong)site;

    /// <summary>True for a thing that one CPU did.</summary>
    public bool IsOfCpu(TraceEventKind kind, int cpu) => Kind == kind && A == (ulong)cpu;

    public bool IsCall(ulong leaf) => Kind == TraceEventKind.Seamcall && A == leaf;
    public bool IsLog(KernelLine line) => Kind == TraceEventKind.Log && A == (ulong)line;
    public bool IsLock(HostLock which) => Kind == TraceEventKind.Lock && A == (ulong)which;

    /// <summary>MEM_GOING_ONLINE, MEM_ONLINE, ... of the notifier chain.</summary>
    public bool IsNotification(MemoryAction action) => Kind == TraceEventKind.Notify && A == (ulong)action;

    /// <summary>An allocation; ordinal 0 stands for NULL.</summary>
    /// <param name="ordinal">Number of the allocation, from 1.</param>
    /// <param name="amount">Bytes, or pages of a PAMT.</param>
    /// <param name="nid">The node that was asked for.</param>
    /// <param name="pfn">First page frame of a PAMT.</param>
    /// <param name="request">What a PAMT was asked for, besides its node.</param>
    public static TraceEvent OfAllocation(
        AllocationSite site, int ordinal, ulong amount, int nid = 0, ulong pfn = 0,
        PageRequest request = PageRequest.None) =>
        new(
            TraceEventKind.Allocate, (ulong)site, (ulong)ordinal, amount, unchecked((ulong)nid), pfn, (ulong)request);

    public static TraceEvent OfFree(AllocationSite site, int ordinal, ulong pages = 0, ulong pfn = 0) =>
        new(TraceEventKind.Free, (ulong)site, (ulong)ordinal, pages, e: pfn);

    public static TraceEvent OfBadFree(AllocationSite site, int ordinal) =>
        new(TraceEventKind.BadFree, (ulong)site, (ulong)ordinal);

    public static TraceEvent OfReadAfterFree(AllocationSite site, int ordinal) =>
        new(TraceEventKind.ReadAfterFree, (ulong)site, (ulong)ordinal);

    public static TraceEvent OfLock(HostLock which) => new(TraceEventKind.Lock, (ulong)which);
    public static TraceEvent OfUnlock(HostLock which) => new(TraceEventKind.Unlock, (ulong)which);

    /// <summary>A SEAMCALL on a logical processor, from 0: its operands, and RDX afterwards.</summary>
    public static TraceEvent OfSeamcall(
        ulong leaf, ulong rcx, ulong rdx, ulong status, ulong r8, ulong rdxOut, int lp) =>
        new(TraceEventKind.Seamcall, leaf, rcx, rdx, status, r8, rdxOut, lp);

    public static TraceEvent OfFlush() => new(TraceEventKind.Flush);

    /// <summary>See <see cref="CpuView"/>.</summary>
    public static TraceEvent OfCpu(TraceEventKind kind, int cpu, int errno = 0) =>
        new(kind, (ulong)cpu, unchecked((ulong)errno));

    public static TraceEvent OfReset(ulong start, ulong size) => new(TraceEventKind.Reset, start, size);
    public static TraceEvent OfWarning() => new(TraceEventKind.Warn);

    public static TraceEvent OfLog(KernelLine line, ulong first = 0, ulong second = 0, ulong third = 0) =>
        new(TraceEventKind.Log, (ulong)line, first, second, third);

    public static TraceEvent OfEndless(ulong leaf) => new(TraceEventKind.Endless, leaf);

    /// <summary>memory_notify() for page frames [pfn, pfn+pages), and the errno that it returned.</summary>
    public static TraceEvent OfNotification(MemoryAction action, ulong pfn, ulong pages, int errno) =>
        new(TraceEventKind.Notify, (ulong)action, pfn, pages, unchecked((ulong)errno));

    /// <summary>See <see cref="GuestView"/>.</summary>
    public static TraceEvent OfGuest(GuestAction action, ulong asked, ulong nodes, int result) =>
        new(TraceEventKind.Guest, (ulong)action, asked, nodes, unchecked((ulong)result));

    public static TraceEvent OfMisuse(Misuse what) => new(TraceEventKind.Misused, (ulong)what);
    public static TraceEvent OfCrash(CrashKind kind) => new(TraceEventKind.Crashed, (ulong)kind);

    /// <summary>The same allocation with another amount: how large an entry or a mask is, is the kernel's own
    /// business.</summary>
    public TraceEvent WithAmount(ulong amount) => new(Kind, A, B, amount, D, E, F, Lp, Task);

    internal TraceEvent By(int task) => new(Kind, A, B, C, D, E, F, Lp, task);
}
