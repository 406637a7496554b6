// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Subjects.Kernel;

/// <summary>The table that kernel code calls out through. The context that this thread entered last answers.</summary>
internal static unsafe class KernelCallbacks
{
    [ThreadStatic]
    private static KernelContext? s_context;

    public static NativeCalls Table => new()
    {
        Kmalloc = &Kmalloc,
        PagesExact = &PagesExact,
        Contig = &Contig,
        Free = &Free,
        Touch = &Touch,
        Lock = &Lock,
        Flush = &Flush,
        Reset = &Reset,
        Warn = &Warn,
        Misuse = &Misuse,
        Log = &Log,
        Vmx = &Vmx,
        FlushCpu = &FlushCpu,
        Schedule = &Schedule,
        Seamcall = &Seamcall,
    };

    public static void Enter(KernelContext context) => s_context = context;

    [UnmanagedCallersOnly]
    private static int Kmalloc(int site, ulong bytes) =>
        s_context!.IsSilent ? int.MaxValue : s_context.Environment.Kmalloc((AllocationSite)site, bytes);

    [UnmanagedCallersOnly]
    private static int PagesExact(ulong bytes) => s_context!.Environment.AllocatePagesExact(bytes);

    [UnmanagedCallersOnly]
    private static int Contig(ulong pages, int nid, int request, ulong* pfn)
    {
        var ordinal = s_context!.Environment.AllocateContiguous(pages, nid, out var at, (PageRequest)request);
        *pfn = at;
        return ordinal;
    }

    [UnmanagedCallersOnly]
    private static void Free(int site, int ordinal, ulong pfn, ulong pages)
    {
        if (!s_context!.IsSilent)
            s_context.Environment.Free((AllocationSite)site, ordinal, pfn, pages);
    }

    [UnmanagedCallersOnly]
    private static void Touch(int site, int ordinal) => s_context!.Environment.Touch((AllocationSite)site, ordinal);

    [UnmanagedCallersOnly]
    private static void Lock(int which, int isTaken)
    {
        if (isTaken != 0)
            s_context!.Environment.Lock((HostLock)which);
        else
            s_context!.Environment.Unlock((HostLock)which);
    }

    [UnmanagedCallersOnly]
    private static void Flush() => s_context!.Environment.Flush();

    [UnmanagedCallersOnly]
    private static void Reset(ulong start, ulong size) => s_context!.Environment.ConvertBack(start, size);

    [UnmanagedCallersOnly]
    private static void Warn() => s_context!.Environment.Warn();

    [UnmanagedCallersOnly]
    private static void Misuse(int what, ulong instruction) => s_context!.NoteMisuse((Misuse)what, instruction);

    [UnmanagedCallersOnly]
    private static void Log(int level, byte* format, int count, ulong* arguments) =>
        s_context!.Log(level, (nint)format, new ReadOnlySpan<ulong>(arguments, count));

    [UnmanagedCallersOnly]
    private static int Vmx(int cpu, int isTaken)
    {
        if (isTaken != 0)
            return s_context!.Environment.GetVmx(cpu);

        s_context!.Environment.PutVmx(cpu);
        return 0;
    }

    [UnmanagedCallersOnly]
    private static void FlushCpu(int cpu) => s_context!.Environment.FlushCpu(cpu);

    [UnmanagedCallersOnly]
    private static int Schedule(int cpu, int turn) => s_context!.Environment.Schedule.Take(cpu, (CpuTurn)turn);

    [UnmanagedCallersOnly]
    private static ulong Seamcall(int cpu, ulong leaf, NativeRegisters* registers, int* stop)
    {
        var status = s_context!.Seamcall(cpu, leaf, ref *registers, out var stops);
        *stop = stops ? 1 : 0;
        return status;
    }
}
