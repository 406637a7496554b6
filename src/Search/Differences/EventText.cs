// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Seamcall;

namespace TdxVerify.Search.Differences;

/// <summary>An event of a trace in the kernel's words.</summary>
public static class EventText
{
    private const int MaxLines = 500;

    /// <summary>The first events of a trace, one a line.</summary>
    public static IReadOnlyList<string> Lines(Trace trace) => [.. trace.Events.Take(MaxLines).Select(static e => Write(e))];

    /// <summary>The event.</summary>
    public static string Write(in TraceEvent e)
    {
        var (a, b, c, d, pfn, f) = (e.A, e.B, e.C, e.D, e.E, e.F);
        var site = (AllocationSite)a;
        FormattableString text = e.Kind switch
        {
            TraceEventKind.Allocate when site == AllocationSite.Pamt && b == 0 => $"alloc_contig_pages({c} pages, nid {(int)d}) = NULL",
            TraceEventKind.Allocate when site == AllocationSite.Pamt => $"alloc_contig_pages({c} pages, nid {(int)d}) = pfn 0x{pfn:x}",
            TraceEventKind.Allocate => $"{Allocator(site)}({c}) = {(b == 0 ? "NULL" : Object(site, b))}",
            TraceEventKind.Free when site == AllocationSite.Pamt => $"free_contig_range(pfn 0x{pfn:x}, {c} pages)",
            TraceEventKind.Free => $"free {Object(site, b)}",
            TraceEventKind.BadFree => $"free of what is not allocated: {Object(site, b)}",
            TraceEventKind.ReadAfterFree => $"read after free: {Object(site, b)}",
            TraceEventKind.Lock => $"lock {LockName((HostLock)a)}",
            TraceEventKind.Unlock => $"unlock {LockName((HostLock)a)}",
            TraceEventKind.Seamcall => $"cpu {e.Lp}: {SeamcallLeaf.Name(a)}(rcx 0x{b:x}, rdx 0x{c:x}, r8 0x{pfn:x}) = 0x{d:x} {TdxStatus.Name(d)}, rdx 0x{f:x}",
            TraceEventKind.Flush => $"wbinvd on all CPUs",
            TraceEventKind.Reset => $"MOVDIR64B over [0x{a:x}, 0x{unchecked(a + b):x})",
            TraceEventKind.Warn => $"WARN",
            TraceEventKind.Log => $"printk {(KernelLine)a}({b:x}, {c:x}, {d:x})",
            TraceEventKind.Notify => $"MEM_{ActionName((MemoryAction)a)} pfn [0x{b:x}, 0x{b + c:x}) = {Errno.Name((int)(long)d)}",
            TraceEventKind.Guest when (GuestEvent)a == GuestEvent.Policy => $"guest binds to nodes 0x{b:x}, capable 0x{c:x}: {Errno.Name((int)(long)d)}",
            TraceEventKind.Guest => $"guest page, nodes asked 0x{b:x}, policy 0x{c:x}: {(int)(long)d}",
            TraceEventKind.Endless => $"repeats {SeamcallLeaf.Name(a)} without end",
            _ => $"does not come back: {DeathText((CrashKind)a)}",
        };
        return text.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>How kernel code ended.</summary>
    public static string DeathText(CrashKind death) => death switch
    {
        CrashKind.Panic => "panic()",
        CrashKind.Bug => "BUG()",
        CrashKind.Fault => "a wild memory access",
        CrashKind.Unlocked => "tdx_memlist or memblock touched without mem_hotplug_lock",
        CrashKind.Endless => "it goes on for ever",
        _ => "its process is gone",
    };

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

    private static string Allocator(AllocationSite site) => site == AllocationSite.TdmrBuffer ? "alloc_pages_exact" : "kmalloc";

    private static string Object(AllocationSite site, ulong ordinal) => string.Create(CultureInfo.InvariantCulture, $"{site} #{ordinal}");

    private static string LockName(HostLock which) => which switch
    {
        HostLock.CpusRead => "cpu_hotplug_lock (read)",
        HostLock.TdxModule => "tdx_module_lock",
        HostLock.MemHotplugRead => "mem_hotplug_lock (read)",
        HostLock.MemHotplugWrite => "mem_hotplug_lock (write)",
        _ => "sysinit_lock",
    };
}
