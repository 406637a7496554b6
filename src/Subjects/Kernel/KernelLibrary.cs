// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Subjects.Kernel.Building;

namespace TdxVerify.Subjects.Kernel;

/// <summary>A kernel tree's code, built by native/kernel and loaded. Its statics are the process's: one thread uses it
/// at a time.</summary>
internal sealed unsafe class KernelLibrary
{
    private readonly delegate* unmanaged<NativeMachine*, MemblockCall*, uint, NativeEnd> _boot;
    private readonly delegate* unmanaged<NativeEnd> _init;
    private readonly delegate* unmanaged<int*, NativeEnd> _enable;
    private readonly delegate* unmanaged<MemblockCall*, int*, NativeEnd> _addMemory;
    private readonly delegate* unmanaged<ulong, ulong, int*, NativeEnd> _goingOnline;
    private readonly delegate* unmanaged<int, ulong, ulong, int*, NativeEnd> _notify;
    private readonly delegate* unmanaged<ulong, int*, NativeEnd> _machineCheck;
    private readonly delegate* unmanaged<int, int, int*, NativeEnd> _live;
    private readonly delegate* unmanaged<uint, NativeEntry*, int*, NativeEnd> _build;
    private readonly delegate* unmanaged<NativeCapture*, NativeEnd> _capture;
    private readonly delegate* unmanaged<ulong, ulong*, uint, int> _read;
    private readonly delegate* unmanaged<NativeReport*> _report;
    private readonly delegate* unmanaged<NativeState*, void> _openTdmrs;
    private readonly delegate* unmanaged<NativeCase*, uint, void> _nativeBaseline;
    private readonly delegate* unmanaged<int> _hasProtectionKeys;
    private readonly string _path;

    /// <summary>Loads a library and connects it to an environment.</summary>
    /// <exception cref="KernelBuildException">Its structs are not laid out as this program's.</exception>
    public KernelLibrary(string path, NativeCalls calls)
    {
        var handle = NativeLibrary.Load(path);
        if (NativeLayout.FirstDifference(LayoutOf(handle)) is { } difference)
            throw new KernelBuildException($"{path} was not built for this program: {difference}");

        _path = path;
        _nativeBaseline = (delegate* unmanaged<NativeCase*, uint, void>)Export(handle, "native_baseline");
        _openTdmrs = (delegate* unmanaged<NativeState*, void>)Export(handle, "open_tdmrs");
        _report = (delegate* unmanaged<NativeReport*>)Export(handle, "report");
        _boot = (delegate* unmanaged<NativeMachine*, MemblockCall*, uint, NativeEnd>)Export(handle, "boot");
        _init = (delegate* unmanaged<NativeEnd>)Export(handle, "init");
        _enable = (delegate* unmanaged<int*, NativeEnd>)Export(handle, "enable");
        _addMemory = (delegate* unmanaged<MemblockCall*, int*, NativeEnd>)Export(handle, "add_memory");
        _goingOnline = (delegate* unmanaged<ulong, ulong, int*, NativeEnd>)Export(handle, "going_online");
        _notify = (delegate* unmanaged<int, ulong, ulong, int*, NativeEnd>)Export(handle, "notify");
        _machineCheck = (delegate* unmanaged<ulong, int*, NativeEnd>)Export(handle, "machine_check");
        _live = (delegate* unmanaged<int, int, int*, NativeEnd>)Export(handle, "live");
        _build = (delegate* unmanaged<uint, NativeEntry*, int*, NativeEnd>)Export(handle, "build");
        _capture = (delegate* unmanaged<NativeCapture*, NativeEnd>)Export(handle, "capture");
        _read = (delegate* unmanaged<ulong, ulong*, uint, int>)Export(handle, "read");
        _hasProtectionKeys = (delegate* unmanaged<int>)Export(handle, "has_protection_keys");
        ((delegate* unmanaged<NativeCalls*, void>)Export(handle, "open"))(&calls);
    }

    /// <summary>What kernel code said when it did not come back, or where it was.</summary>
    public string CrashMessage(NativeEnd end)
    {
        var report = _report();
        return end is NativeEnd.Panic or NativeEnd.Bug or NativeEnd.Unavailable
            ? Marshal.PtrToStringUTF8((nint)report->Text) ?? ""
            : SourceLine.Find(_path, report->Instruction);
    }

    /// <summary>Where in the source an instruction is, by its offset.</summary>
    public string LineOf(ulong instruction) => SourceLine.Find(_path, instruction);

    public NativeEnd Boot(NativeMachine machine, ReadOnlySpan<MemblockCall> calls)
    {
        fixed (MemblockCall* first = calls)
        {
            return _boot(&machine, first, (uint)calls.Length);
        }
    }

    /// <summary>tdx_init().</summary>
    public NativeEnd Init() => _init();

    /// <summary>tdx_cpu_enable() on every CPU, then tdx_enable().</summary>
    public NativeEnd Enable(out int result)
    {
        fixed (int* to = &result)
        {
            return _enable(to);
        }
    }

    /// <summary>memblock_add_node() as hot-add makes it.</summary>
    public NativeEnd AddMemory(MemblockCall call, out int result)
    {
        fixed (int* to = &result)
        {
            return _addMemory(&call, to);
        }
    }

    /// <summary>The notifier's verdict on page frames [start, start+pages).</summary>
    public NativeEnd GoingOnline(ulong start, ulong pages, out int result)
    {
        fixed (int* to = &result)
        {
            return _goingOnline(start, pages, to);
        }
    }

    /// <summary>The notifier's verdict on one notification of page frames [start, start+pages); the tree's own header
    /// numbers the action.</summary>
    public NativeEnd Notify(MemoryAction action, ulong start, ulong pages, out int result)
    {
        fixed (int* to = &result)
        {
            return _notify((int)action, start, pages, to);
        }
    }

    /// <summary>tdx_dump_mce_info(): 1 when it says something.</summary>
    public NativeEnd MachineCheck(ulong address, out int result)
    {
        fixed (int* to = &result)
        {
            return _machineCheck(address, to);
        }
    }

    /// <summary>A step of a kernel that runs: 0 or more, or an errno.</summary>
    public NativeEnd Live(StepKind kind, int operand, out int result)
    {
        fixed (int* to = &result)
        {
            return _live((int)kind, operand, to);
        }
    }

    /// <summary>build_tdx_memlist() alone: the number of entries, or an errno.</summary>
    public NativeEnd Build(Span<NativeEntry> entries, out int result)
    {
        fixed (NativeEntry* first = entries)
        fixed (int* to = &result)
        {
            return _build((uint)entries.Length, first, to);
        }
    }

    /// <summary>Regions of memblock, entries of tdx_memlist, as many as there is room for, and the statics of
    /// tdx.c.</summary>
    public NativeEnd Capture(
        Span<MemblockRegion> regions, Span<MemblockRegion> reserved, Span<NativeEntry> entries,
        out NativeCapture capture)
    {
        fixed (MemblockRegion* firstRegion = regions)
        fixed (MemblockRegion* firstReserved = reserved)
        fixed (NativeEntry* firstEntry = entries)
        {
            var filled =
                new NativeCapture
                {
                    Room = (ulong)Math.Min(regions.Length, entries.Length),
                    Regions = firstRegion,
                    Reserved = firstReserved,
                    Entries = firstEntry
                };
            var end = _capture(&filled);
            capture = filled;
            return end;
        }
    }

    /// <summary>The statics of tdx.c, with a TDMR buffer that can be read until the next boot even when it is
    /// freed.</summary>
    public NativeState OpenTdmrs()
    {
        NativeState state;
        _openTdmrs(&state);
        return state;
    }

    /// <summary>Host memory, as words; false: nobody's.</summary>
    public bool TryRead(ulong address, Span<ulong> words)
    {
        fixed (ulong* first = words)
        {
            return _read(address, first, (uint)words.Length) != 0;
        }
    }

    /// <summary>What a lock guards is closed with protection keys; where the processor has none, with
    /// mprotect().</summary>
    public bool HasProtectionKeys => _hasProtectionKeys() != 0;

    public void RunNativeBaseline(ReadOnlySpan<NativeCase> cases)
    {
        fixed (NativeCase* first = cases)
        {
            _nativeBaseline(first, (uint)cases.Length);
        }
    }

    private static List<KeyValuePair<string, ulong>> LayoutOf(nint handle)
    {
        uint count;
        var rows = ((delegate* unmanaged<uint*, NativeLayoutRow*>)Export(handle, "layout"))(&count);
        var layout = new List<KeyValuePair<string, ulong>>();
        foreach (ref readonly var row in new ReadOnlySpan<NativeLayoutRow>(rows, (int)count))
            layout.Add(new(Marshal.PtrToStringUTF8((nint)row.Name)!, row.Value));

        return layout;
    }

    private static nint Export(nint handle, string name) => NativeLibrary.GetExport(handle, "tdxverify_" + name);
}
