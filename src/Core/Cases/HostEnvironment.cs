// SPDX-License-Identifier: MIT

using TdxVerify.Core.KernelLog;

namespace TdxVerify.Core.Cases;

/// <summary>All that host code asks of the world except SEAMCALLs. Answers come from Faults and Choices; every one is
/// appended to the Trace.</summary>
public sealed class HostEnvironment
{
    private const int Sites = (int)AllocationSite.Other + 1;
    private const byte NotLive = byte.MaxValue;

    private readonly int[] _liveOf = new int[Sites];
    private byte[] _siteOf = new byte[256];
    private IPamtAllocator _pages;
    private Faults _faults;
    private int _ordinal;
    private int _kmallocs;
    private int _contigs;
    private int _pagesExact;
    private int _vmxons;
    private int[] _vmxUsers = new int[1];

    public HostEnvironment(Faults faults, Choices choices, IPamtAllocator pages, Trace trace)
    {
        _faults = faults;
        _pages = pages;
        Choices = choices;
        Trace = trace;
    }

    public Choices Choices { get; private set; }
    public Trace Trace { get; }

    /// <summary>Decides who goes on where steps overlap; null: they don't.</summary>
    public IScheduler? Scheduler { get; set; }

    /// <summary>Which CPU goes on where the machine is stopped and all of them run.</summary>
    public CpuSchedule Schedule { get; } = new();

    /// <summary>TDX switches VMX on and off itself; false: somebody else has, for good.</summary>
    public bool CountsVmx { get; set; }

    /// <summary>A bit for each of the first 64 CPUs on which TDX has a reference to VMX.</summary>
    public ulong VmxUsers { get; private set; }

    /// <summary>hibernation_available().</summary>
    public bool HibernationAvailable => _faults.HibernationAvailable;

    /// <summary>Another boot on the same memory; the trace is left alone.</summary>
    public void Restart(Faults faults, Choices choices, IPamtAllocator pages)
    {
        _faults = faults;
        _pages = pages;
        Choices = choices;
        _ordinal = _kmallocs = _contigs = _pagesExact = _vmxons = 0;
        VmxUsers = 0;
        Array.Clear(_liveOf);
        Array.Clear(_vmxUsers);
    }

    /// <summary>register_memory_notifier(): 0 or a negative errno.</summary>
    public int RegisterMemoryNotifier() => _faults.NotifierRegistrationErrno;

    /// <summary>Allocations of a site that were not freed yet.</summary>
    public int Live(AllocationSite site) => _liveOf[(int)site];

    /// <summary>kmalloc(): the ordinal of the new object, or 0 for NULL.</summary>
    public int Kmalloc(AllocationSite site, ulong bytes) =>
        Allocate(site, bytes, -1, ++_kmallocs != _faults.FailingKmalloc);

    /// <summary>alloc_pages_exact(): the ordinal, or 0 for NULL.</summary>
    public int AllocatePagesExact(ulong bytes) =>
        Allocate(AllocationSite.TdmrBuffer, bytes, -1, ++_pagesExact != _faults.FailingPagesExact && bytes != 0);

    /// <summary>alloc_contig_pages(): the first page frame and the ordinal, or ordinal 0 for NULL.</summary>
    /// <param name="request">What is asked for besides; it is noted, and changes nothing.</param>
    public int AllocateContiguous(ulong pages, int nid, out ulong pfn, PageRequest request = PageRequest.None)
    {
        pfn = 0;
        var granted = ++_contigs != _faults.FailingContig && _pages.TryAllocate(pages, nid, out pfn);
        return Allocate(AllocationSite.Pamt, pages, nid, granted, pfn, request);
    }

    /// <summary>kfree(), free_pages_exact() or free_contig_range().</summary>
    public void Free(AllocationSite site, int ordinal, ulong pfn = 0, ulong pages = 0)
    {
        if (!IsLive(ordinal))
        {
            Record(TraceEvent.OfBadFree(site, ordinal));
            return;
        }

        _liveOf[_siteOf[ordinal]]--;
        _siteOf[ordinal] = NotLive;
        if (site == AllocationSite.Pamt)
            _pages.Free(pfn, pages);

        Record(TraceEvent.OfFree(site, ordinal, pages, pfn));
    }

    /// <summary>Notes a read of an allocation; a freed one is a finding.</summary>
    public void Touch(AllocationSite site, int ordinal)
    {
        if (!IsLive(ordinal))
            Record(TraceEvent.OfReadAfterFree(site, ordinal));
    }

    public void Lock(HostLock which)
    {
        if (Scheduler is null || Scheduler.Lock(which))
            Trace.Append(TraceEvent.OfLock(which));
    }

    public void Unlock(HostLock which)
    {
        if (Scheduler is null || Scheduler.Unlock(which))
            Trace.Append(TraceEvent.OfUnlock(which));
    }

    /// <summary>memory_notify() for page frames [start, start+pages), and what it returned.</summary>
    public void NoteNotification(MemoryAction action, ulong start, ulong pages, int errno) =>
        Record(TraceEvent.OfNotification(action, start, pages, errno));

    /// <summary>What a guest's process asked for, as sets of nodes, and what it got.</summary>
    public void NoteGuest(GuestAction what, ulong asked, ulong nodes, int result) =>
        Record(TraceEvent.OfGuest(what, asked, nodes, result));

    /// <summary>x86_virt_get_ref() for VMX on a CPU: 0 or a negative errno.</summary>
    public int GetVmx(int cpu)
    {
        var errno = (Choices.Missing & MissingFeatures.Vmx) != 0 ? -Errno.Eopnotsupp
            : ++_vmxons == _faults.FailingVmxon ? _faults.VmxonErrno : 0;
        if (errno == 0)
            CountVmx(cpu, 1);

        Record(TraceEvent.OfCpu(TraceEventKind.VmxGet, cpu, errno));
        return errno;
    }

    /// <summary>x86_virt_put_ref() for VMX on a CPU.</summary>
    public void PutVmx(int cpu)
    {
        CountVmx(cpu, -1);
        Record(TraceEvent.OfCpu(TraceEventKind.VmxPut, cpu));
    }

    /// <summary>Without VMX a SEAMCALL is #UD.</summary>
    public bool IsVmxOn(int cpu) =>
        !CountsVmx || Choices.KvmHoldsVmx || (cpu < _vmxUsers.Length && _vmxUsers[cpu] > 0);

    /// <summary>wbinvd() on one CPU.</summary>
    public void FlushCpu(int cpu) => Record(TraceEvent.OfCpu(TraceEventKind.CpuFlush, cpu));

    /// <summary>wbinvd_on_all_cpus().</summary>
    public void Flush() => Record(TraceEvent.OfFlush());

    /// <summary>reset_tdx_pages(): bytes [start, start+size).</summary>
    public void ConvertBack(ulong start, ulong size) => Record(TraceEvent.OfReset(start, size));

    /// <summary>WARN_ON() that fired.</summary>
    public void Warn() => Record(TraceEvent.OfWarning());

    /// <summary>Kernel code did what it must not.</summary>
    public void NoteMisuse(Misuse what) => Record(TraceEvent.OfMisuse(what));

    /// <summary>printk().</summary>
    public void Log(KernelLine line, ulong b = 0, ulong c = 0, ulong d = 0) =>
        Record(TraceEvent.OfLog(line, b, c, d));

    /// <summary>The scripted status of the call that is about to be made, if there is one. The call is the nth of its
    /// leaf, from 1.</summary>
    public bool TryScriptedStatus(ulong leaf, int nth, out ulong status)
    {
        var scripted = _faults.Seamcalls;
        for (var i = 0; i < scripted.Count; i++)
        {
            var fault = scripted[i];
            if (fault.Leaf == leaf && nth >= fault.Nth && nth - fault.Nth < fault.Times)
            {
                status = fault.Status;
                return true;
            }
        }

        status = 0;
        return false;
    }

    /// <summary>Appends what is over, behind which another may go on.</summary>
    internal void Record(in TraceEvent e)
    {
        Trace.Append(e);
        Scheduler?.Pass(e);
    }

    private void CountVmx(int cpu, int change)
    {
        const int Bits = 64;
        if (cpu >= _vmxUsers.Length)
            Array.Resize(ref _vmxUsers, Math.Max(cpu + 1, 2 * _vmxUsers.Length));

        // A reference that is given back twice is one (hw.c warns).
        _vmxUsers[cpu] = Math.Max(0, _vmxUsers[cpu] + change);
        if (cpu < Bits)
            VmxUsers = _vmxUsers[cpu] > 0 ? VmxUsers | (1UL << cpu) : VmxUsers & ~(1UL << cpu);
    }

    private bool IsLive(int ordinal) => ordinal > 0 && ordinal <= _ordinal && _siteOf[ordinal] != NotLive;

    private int Allocate(
        AllocationSite site, ulong amount, int nid, bool granted, ulong pfn = 0,
        PageRequest request = PageRequest.None)
    {
        var ordinal = 0;
        if (granted)
        {
            ordinal = ++_ordinal;
            if (ordinal == _siteOf.Length)
                Array.Resize(ref _siteOf, 2 * ordinal);

            _siteOf[ordinal] = (byte)site;
            _liveOf[(int)site]++;
        }

        Record(TraceEvent.OfAllocation(site, ordinal, amount, nid, pfn, request));
        return ordinal;
    }
}

/// <summary>
/// Who goes on where steps overlap: one caller runs at a time, and it may be another one behind every call.
/// </summary>
public interface IScheduler
{
    /// <summary>Waits for a lock and takes it.</summary>
    /// <returns>False when the caller has it already, which is nothing to record.</returns>
    bool Lock(HostLock which);

    /// <summary>Releases a lock.</summary>
    /// <returns>False when the caller keeps it, which is nothing to record.</returns>
    bool Unlock(HostLock which);

    /// <summary>A call is over and recorded.</summary>
    void Pass(in TraceEvent e);
}

/// <summary>Where physically contiguous pages come from.</summary>
public interface IPamtAllocator
{
    /// <summary>alloc_contig_pages() for a number of page frames on a node.</summary>
    /// <returns>False for NULL.</returns>
    bool TryAllocate(ulong pages, int nid, out ulong pfn);

    /// <summary>free_contig_range().</summary>
    void Free(ulong pfn, ulong pages);
}
