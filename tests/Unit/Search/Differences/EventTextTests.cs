// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Seamcall;
using TdxVerify.Search.Differences;

namespace TdxVerify.Tests.Unit.Search.Differences;

/// <summary>Events as a reader sees them: the kernel's words, one line each.</summary>
public sealed class EventTextTests
{
    public static TheoryData<TraceEvent, string> Events => new()
    {
        { TraceEvent.OfAllocation(AllocationSite.Pamt, 1, 1025, 2, 0x1234), "alloc_contig_pages(1025 pages, nid 2) = pfn 0x1234" },
        { TraceEvent.OfAllocation(AllocationSite.Pamt, 0, 1025, -1), "alloc_contig_pages(1025 pages, nid -1) = NULL" },
        { TraceEvent.OfAllocation(AllocationSite.TdmrBuffer, 1, 65536), "alloc_pages_exact(65536) = TdmrBuffer #1" },
        { TraceEvent.OfAllocation(AllocationSite.MemlistEntry, 0, 40), "kmalloc(40) = NULL" },
        { TraceEvent.OfFree(AllocationSite.Pamt, 1, 1025, 0x1234), "free_contig_range(pfn 0x1234, 1025 pages)" },
        { TraceEvent.OfFree(AllocationSite.TdmrPaArray, 3), "free TdmrPaArray #3" },
        { TraceEvent.OfBadFree(AllocationSite.MemlistEntry, 3), "free of what is not allocated: MemlistEntry #3" },
        { TraceEvent.OfReadAfterFree(AllocationSite.TdmrBuffer, 1), "read after free: TdmrBuffer #1" },
        { TraceEvent.OfLock(HostLock.TdxModule), "lock tdx_module_lock" },
        { TraceEvent.OfLock(HostLock.CpusRead), "lock cpu_hotplug_lock (read)" },
        { TraceEvent.OfUnlock(HostLock.MemHotplugRead), "unlock mem_hotplug_lock (read)" },
        { TraceEvent.OfUnlock(HostLock.Sysinit), "unlock sysinit_lock" },
        { TraceEvent.OfSeamcall(SeamcallLeaf.SysRd, 1, 2, 0, 3, 4, 5), "cpu 5: TDH.SYS.RD(rcx 0x1, rdx 0x2, r8 0x3) = 0x0 TDX_SUCCESS, rdx 0x4" },
        { TraceEvent.OfFlush(), "wbinvd on all CPUs" },
        { TraceEvent.OfCpu(TraceEventKind.CpuFlush, 3), "cpu 3: wbinvd" },
        { TraceEvent.OfCpu(TraceEventKind.VmxGet, 3), "cpu 3: x86_virt_get_ref(VMX) = 0" },
        { TraceEvent.OfCpu(TraceEventKind.VmxGet, 3, -Errno.Ebusy), "cpu 3: x86_virt_get_ref(VMX) = -EBUSY" },
        { TraceEvent.OfCpu(TraceEventKind.VmxPut, 3), "cpu 3: x86_virt_put_ref(VMX)" },
        { TraceEvent.OfLock(HostLock.Seamldr), "lock seamldr_lock" },
        { TraceEvent.OfLock(HostLock.UpdateControl), "lock update_ctrl.lock" },
        { TraceEvent.OfSeamcall(SeamcallLeaf.SeamldrInstall, 1, 0, 0, 0, 0, 2), "cpu 2: SEAMLDR.INSTALL(rcx 0x1, rdx 0x0, r8 0x0) = 0x0 TDX_SUCCESS, rdx 0x0" },
        { TraceEvent.OfReset(0x1000, 0x2000), "MOVDIR64B over [0x1000, 0x3000)" },
        { TraceEvent.OfWarning(), "WARN" },
        { TraceEvent.OfLog(KernelLine.BiosEnabled, 32, 64), "printk BiosEnabled(20, 40, 0)" },
        { TraceEvent.OfEndless(SeamcallLeaf.SysTdmrInit), "repeats TDH.SYS.TDMR.INIT without end" },
        { TraceEvent.OfLock(HostLock.MemHotplugWrite), "lock mem_hotplug_lock (write)" },
        { TraceEvent.OfNotification(MemoryAction.GoingOnline, 0x8000, 0x8000, -Errno.Eperm), "MEM_GOING_ONLINE pfn [0x8000, 0x10000) = -EPERM" },
        { TraceEvent.OfGuest(GuestAction.Policy, 0x40, 0x1, -Errno.Einval), "guest binds to nodes 0x40, capable 0x1: -EINVAL" },
        { TraceEvent.OfGuest(GuestAction.Page, 0x40, 0x1, 0), "guest page, nodes asked 0x40, policy 0x1: 0" },
        { TraceEvent.OfMisuse(Misuse.Slept), "sleeps with interrupts or preemption off" },
        { TraceEvent.OfCrash(CrashKind.Panic), "does not come back: panic()" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void IsOneLine(TraceEvent e, string text) => Assert.Equal(text, EventText.Write(e));

    [Fact]
    public void EveryKindIsThere() => Assert.Equal(Enum.GetValues<TraceEventKind>(), Events.Select(static e => e.Data.Item1.Kind).Distinct().Order());

    [Fact]
    public void EveryMisuseHasWordsOfItsOwn() => Assert.Distinct(Enum.GetValues<Misuse>().Select(EventText.MisuseText));

    [Fact]
    public void EveryDeathHasWordsOfItsOwn() => Assert.Distinct(Enum.GetValues<CrashKind>().Select(EventText.DeathText));

    [Fact]
    public void ALongTraceIsCut()
    {
        var trace = new Trace();
        for (var i = 0; i < 1000; i++)
        {
            trace.Append(TraceEvent.OfReset((ulong)i, 0));
        }

        Assert.Equal(500, EventText.Lines(trace).Count);
        Assert.StartsWith("MOVDIR64B over [0x0,", EventText.Lines(trace)[0], StringComparison.Ordinal);
    }
}
