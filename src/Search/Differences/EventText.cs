// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Search.Differences;

/// <summary>An event of a trace in the kernel's words.</summary>
public static class EventText
{
    private const int MaxLines = 500;

    /// <summary>The first events of a trace, one a line.</summary>
    public static IReadOnlyList<string> Lines(Trace trace) =>
        [.. trace.Events.Take(MaxLines).Select(static e => Write(e))];

    public static string Write(in TraceEvent e)
    {
        FormattableString text = e.Kind switch
        {
            TraceEventKind.Allocate or TraceEventKind.Free or TraceEventKind.BadFree or TraceEventKind.ReadAfterFree =>
                Allocation(e.Kind, e.Allocation),
            TraceEventKind.Lock => $"lock {LockName(e.Lock)}",
            TraceEventKind.Unlock => $"unlock {LockName(e.Lock)}",
            TraceEventKind.Seamcall => Seamcall(e.Seamcall),
            TraceEventKind.Flush => $"wbinvd on all CPUs",
            TraceEventKind.CpuFlush => $"cpu {e.Cpu.Cpu}: wbinvd",
            TraceEventKind.VmxGet => $"cpu {e.Cpu.Cpu}: x86_virt_get_ref(VMX) = {Errno.Name(e.Cpu.Errno)}",
            TraceEventKind.VmxPut => $"cpu {e.Cpu.Cpu}: x86_virt_put_ref(VMX)",
            TraceEventKind.Reset => $"MOVDIR64B over {e.Reset}",
            TraceEventKind.Warn => $"WARN",
            TraceEventKind.Log => $"printk {e.Log.Line}({e.Log.First:x}, {e.Log.Second:x}, {e.Log.Third:x})",
            TraceEventKind.Notify => Notification(e.Notification),
            TraceEventKind.Guest => Guest(e.Guest),
            TraceEventKind.Misused => $"{MisuseText(e.Misuse)}",
            TraceEventKind.Endless => $"repeats {SeamcallLeaf.Name(e.RepeatedLeaf)} without end",
            _ => $"does not come back: {DeathText(e.Crash)}",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    public static string DeathText(CrashKind death) => death switch
    {
        CrashKind.Panic => "panic()",
        CrashKind.Bug => "BUG()",
        CrashKind.Fault => "a wild memory access",
        CrashKind.Unlocked => "tdx_memlist or memblock touched without mem_hotplug_lock",
        CrashKind.Endless => "it goes on for ever",
        CrashKind.Deadlock => "everybody waits for a lock that another holds",
        _ => "its process is gone",
    };

    public static string MisuseText(Misuse what) => what switch
    {
        Misuse.Slept => "sleeps with interrupts or preemption off",
        Misuse.WaitedForCpus => "waits for other CPUs with interrupts off",
        Misuse.LockedTwice => "takes a lock that it has",
        Misuse.NotLocked => "releases a lock that it does not have",
        Misuse.Preemptible => "asserts that preemption is off, and it is on",
        Misuse.LeftAtomic => "returns with interrupts or preemption off",
        _ => "accepts, and nobody behind it in the chain is asked",
    };

    private static string RequestText(PageRequest request) =>
        (request.HasFlag(PageRequest.Movable) ? ", movable" : "")
            + (request.HasFlag(PageRequest.ThisNode) ? ", no other node" : "")
            + (request.HasFlag(PageRequest.NoReclaim) ? ", no reclaim" : "")
            + (request.HasFlag(PageRequest.Low) ? ", below 4 GiB" : "");

    private static FormattableString Allocation(TraceEventKind kind, in AllocationView e) => kind switch
    {
        TraceEventKind.Allocate when e.Site == AllocationSite.Pamt && e.IsNull =>
            $"alloc_contig_pages({e.Amount} pages, nid {e.Nid}{RequestText(e.Request)}) = NULL",
        TraceEventKind.Allocate when e.Site == AllocationSite.Pamt =>
            $"alloc_contig_pages({e.Amount} pages, nid {e.Nid}{RequestText(e.Request)}) = pfn 0x{e.Pfn:x}",
        TraceEventKind.Allocate =>
            $"{Allocator(e.Site)}({e.Amount}) = {(e.IsNull ? "NULL" : Object(e.Site, e.Ordinal))}",
        TraceEventKind.Free when e.Site == AllocationSite.Pamt =>
            $"free_contig_range(pfn 0x{e.Pfn:x}, {e.Amount} pages)",
        TraceEventKind.Free => $"free {Object(e.Site, e.Ordinal)}",
        TraceEventKind.BadFree => $"free of what is not allocated: {Object(e.Site, e.Ordinal)}",
        _ => $"read after free: {Object(e.Site, e.Ordinal)}",
    };

    private static FormattableString Seamcall(in SeamcallView e)
    {
        var call = $"{SeamcallLeaf.Name(e.Leaf)}(rcx 0x{e.Rcx:x}, rdx 0x{e.Rdx:x}, r8 0x{e.R8:x})";
        return $"cpu {e.Lp}: {call} = 0x{e.Status:x} {TdxStatus.Name(e.Status)}, rdx 0x{e.RdxOut:x}";
    }

    private static FormattableString Notification(in NotificationView e) =>
        $"MEM_{ActionName(e.Action)} pfn [0x{e.Pfn:x}, 0x{e.EndPfn:x}) = {Errno.Name(e.Errno)}";

    private static FormattableString Guest(in GuestView e) => e.Action == GuestAction.Policy
        ? $"guest binds to nodes 0x{e.Asked:x}, capable 0x{e.Nodes:x}: {Errno.Name(e.Result)}"
        : (FormattableString)$"guest page, nodes asked 0x{e.Asked:x}, policy 0x{e.Nodes:x}: {e.Result}";

    private static string ActionName(MemoryAction action) => action switch
    {
        MemoryAction.Online => "ONLINE",
        MemoryAction.GoingOffline => "GOING_OFFLINE",
        MemoryAction.Offline => "OFFLINE",
        MemoryAction.GoingOnline => "GOING_ONLINE",
        MemoryAction.CancelOnline => "CANCEL_ONLINE",
        MemoryAction.CancelOffline => "CANCEL_OFFLINE",
        MemoryAction.PrepareOnline => "PREPARE_ONLINE",
        _ => "FINISH_OFFLINE",
    };

    private static string Allocator(AllocationSite site) =>
        site == AllocationSite.TdmrBuffer ? "alloc_pages_exact" : "kmalloc";
    private static string Object(AllocationSite site, ulong ordinal) =>
        string.Create(CultureInfo.InvariantCulture, $"{site} #{ordinal}");

    internal static string LockName(HostLock which) => which switch
    {
        HostLock.CpusRead => "cpu_hotplug_lock (read)",
        HostLock.TdxModule => "tdx_module_lock",
        HostLock.MemHotplugRead => "mem_hotplug_lock (read)",
        HostLock.Seamldr => "seamldr_lock",
        HostLock.UpdateControl => "update_ctrl.lock",
        HostLock.MemHotplugWrite => "mem_hotplug_lock (write)",
        _ => "sysinit_lock",
    };
}
