// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Subjects.Kernel;

/// <summary>
/// A kernel tree's own tdx.c, memblock.c and sort.c in this process. Boot's memblock calls are the model's; everything
/// after them is the kernel's. A trace is good until it boots again.
/// </summary>
public sealed class KernelHost : IHost, IArchKeepMemblock
{
    /// <summary>Regions or entries that a machine can have at most; more is a damaged list.</summary>
    private const ulong MaxEntries = 1 << 20;
    /// <summary>Entries that a list has room for which is built alone.</summary>
    private const int MaxBuilt = 1 << 16;

    private readonly Func<Scenario, ISeamcall> _module;
    private readonly BootFlow _bootFlow;
    private readonly List<MemblockCall> _calls = [];
    private readonly MemblockTable _memblock;
    private readonly PamtPages _pages = new();
    private readonly HostEnvironment _environment;
    private readonly RecordedSeamcall _seamcall;
    private readonly KernelContext _context;
    private readonly KernelLibrary _library;
    private readonly TdxHotplug _hotplug;
    private NativeEnd _end;
    private MemblockRegion[] _regions = new MemblockRegion[128];
    private MemblockRegion[] _reserved = new MemblockRegion[128];
    private NativeEntry[] _entries = new NativeEntry[128];

    /// <summary>A subject.</summary>
    /// <param name="library">The library that was built of the tree.</param>
    /// <param name="module">Makes the module of a scenario.</param>
    /// <param name="policy">What the rest of the kernel does: boot, memory blocks and zones; default: that of
    /// 6.12.</param>
    public KernelHost(string library, string name, Func<Scenario, ISeamcall> module, KernelPolicy? policy = null)
    {
        policy ??= KernelPolicy.Merged;
        Name = name;
        _module = module;
        _bootFlow = new BootFlow(policy);
        _memblock = new MemblockTable { Calls = _calls };
        _environment = new HostEnvironment(new Faults(), new Choices(), _pages, new Trace())
        {
            CountsVmx = policy.BuildsListDuringBoot,
        };
        var memory = new KernelMemory();
        _seamcall = new RecordedSeamcall(_environment, new PermissiveModule(new ModulePlatform(), 0), memory);
        _context = new KernelContext(_environment, _seamcall);
        _library = new KernelLibrary(library, KernelCallbacks.Table);
        memory.Library = _library;
        _hotplug = new TdxHotplug(_memblock, this, _environment, _pages, policy, Notify);
    }

    public string Name { get; }
    public Observes Observes => IsGuarded ? Observes.All : Observes.All & ~Observes.Touches;
    public bool IsGuarded { get; set; } = true;
    public Trace Trace => _environment.Trace;

    /// <summary>Who holds what is still allocated after the last run.</summary>
    public HostEnvironment Environment => _environment;

    /// <summary>tdx_module_status after the last step: 0 uninitialised, 1 initialised, 2 error.</summary>
    public int ModuleStatus { get; private set; }

    public string? CrashMessage { get; private set; }
    public string? MisusePlace => _context.FirstMisuse == 0 ? null : _library.LineOf(_context.FirstMisuse);

    public string? TextOfLine(ulong number) => _context.TextOf(number);

    public void Boot(Scenario scenario)
    {
        _memblock.FailingArray = scenario.Faults.FailingArray;
        var boot = _bootFlow.Run(scenario.Machine, _memblock);
        _pages.Reset(scenario.Choices, _memblock);
        _environment.Restart(scenario.Faults, scenario.Choices, _pages);
        _seamcall.Reset(_module(scenario));
        _context.Restart();
        CrashMessage = null;
        Enter();
        _end = NativeEnd.Returned;
        if (Lives(_library.Boot(MachineOf(scenario, IsGuarded), CollectionsMarshal.AsSpan(_calls)))
            && Lives(_library.Init()))
        {
            _hotplug.Boot(scenario, boot);
        }
    }

    public void Enter() => KernelCallbacks.Enter(_context);

    public int? Enable()
    {
        if (ModuleStatus == 0)
            _hotplug.OfferPages();

        return Lives(_library.Enable(out var result)) ? result : null;
    }

    public int? AddMemory(in Step step)
    {
        var call = new MemblockCall(MemblockCallKind.Add, step.Address, step.Size, step.Nid, MemblockFlags.None);
        return Lives(_library.AddMemory(call, out var result)) ? result : null;
    }

    public int? GoingOnline(ulong pfn, ulong count) =>
        Lives(_library.GoingOnline(pfn, count, out var result)) ? result : null;
    public int? MachineCheck(ulong address) => Lives(_library.MachineCheck(address, out var result)) ? result : null;

    public int? Live(in Step step)
    {
        if (!_environment.CountsVmx)
            return null;

        if (step.Kind == StepKind.ModuleUpdate)
            _environment.Schedule.Begin(step.Order);

        if (!Lives(_library.Live(step.Kind, step.Operand, out var result)))
            return null;

        return step.Kind is StepKind.Kexec or StepKind.Crash
            ? TdxStatus.ErrnoOf(_seamcall.AskNextKernel())
            : result;
    }

    public int? Hotplug(in Step step)
    {
        // Kernel code that does not return has ended the step already.
        var result = _hotplug.Take(step);
        return Lives(_end) ? result : null;
    }

    internal static NativeMachine MachineOf(Scenario scenario, bool isGuarded)
    {
        var keyIds = scenario.Machine.KeyIds ?? KeyIdPartition.Usual;
        return new NativeMachine
        {
            MktmeKeyIds = keyIds.MktmeKeyIds,
            TdxKeyIds = keyIds.TdxKeyIds,
            Cpus = scenario.Choices.Cpus,
            CpusPerPackage = scenario.Choices.CpusPerPackage,
            Erratum = scenario.Choices.PartialWriteErratum ? 1 : 0,
            Hibernation = scenario.Faults.HibernationAvailable ? 1 : 0,
            NotifierErrno = scenario.Faults.NotifierRegistrationErrno,
            Mirrored = scenario.Machine.Options.KernelcoreMirror ? 1 : 0,
            Guarded = isGuarded ? 1 : 0,
            Missing = (int)scenario.Choices.Missing,
            OfflineCpus = scenario.Choices.OfflineCpus,
            FailingArray = scenario.Faults.FailingArray,
            SeamretInvalidatesVmcs = scenario.Choices.SeamretInvalidatesVmcs ? 1 : 0,
        };
    }

    /// <summary>The kernel's own notifier; there is one where there is the capability.</summary>
    private int Notify(MemoryAction action, ulong start, ulong pages)
    {
        if (_end != NativeEnd.Returned)
            return 0;

        _end = _library.Notify(action, start, pages, out var verdict);
        return verdict;
    }

    bool IArchKeepMemblock.TryAdd(ulong start, ulong size, int nid, bool isDriverManaged)
    {
        var flags = isDriverManaged ? MemblockFlags.DriverManaged : MemblockFlags.None;
        return Change(new MemblockCall(MemblockCallKind.Add, start, size, nid, flags)) == 0;
    }

    void IArchKeepMemblock.Remove(ulong start, ulong size) =>
        Change(new MemblockCall(MemblockCallKind.Remove, start, size, 0, MemblockFlags.None));

    private int Change(MemblockCall call)
    {
        var result = 0;
        if (_end == NativeEnd.Returned)
            _end = _library.AddMemory(call, out result);

        return result;
    }

    /// <summary>True when kernel code came back; else the trace says why not.</summary>
    private bool Lives(NativeEnd end)
    {
        switch (_context.Failure)
        {
            case null:
                break;
            case UnknownModuleRuleException unknown:
                return EndsUnknown(unknown.Message);
            case { } failure:
                throw new InvalidOperationException(failure.Message, failure);
        }

        if (end == NativeEnd.Returned && !Trace.IsEndless)
            return true;

        if (end == NativeEnd.Unavailable)
            return EndsUnknown($"kernel code called {_library.CrashMessage(end)}(): not available here");

        if (!Trace.IsEndless)
        {
            CrashMessage = _library.CrashMessage(end);
            Trace.Append(TraceEvent.OfCrash(end == NativeEnd.Stopped ? CrashKind.Endless : (CrashKind)end));
        }

        return false;
    }

    /// <summary>Nobody knows what the answer is here: what would follow is not judged.</summary>
    private bool EndsUnknown(string what)
    {
        Trace.Observes = Observes.None;
        Trace.Unknown = what;
        return false;
    }

    /// <summary>Reads the state; where the lists are damaged the trace says so.</summary>
    public void Capture(Snapshot snapshot)
    {
        NativeEnd end;
        NativeCapture capture;
        while ((end = _library.Capture(_regions, _reserved, _entries, out capture)) == NativeEnd.Returned
            && Longest(capture) > capture.Room && Longest(capture) <= MaxEntries)
        {
            _regions = new MemblockRegion[2 * Longest(capture)];
            _reserved = new MemblockRegion[_regions.Length];
            _entries = new NativeEntry[_regions.Length];
        }

        if (end != NativeEnd.Returned || Longest(capture) > MaxEntries)
        {
            CrashMessage = "a list of memblock or tdx_memlist is damaged";
            Trace.Append(TraceEvent.OfCrash(CrashKind.Fault));
            return;
        }

        foreach (ref readonly var region in _regions.AsSpan(0, (int)capture.RegionCount))
            snapshot.Add(region);

        (snapshot.MemoryBytes, snapshot.ReservedBytes) = (capture.MemoryBytes, capture.ReservedBytes);
        foreach (ref readonly var region in _reserved.AsSpan(0, (int)capture.ReservedCount))
            snapshot.AddReserved(region);

        foreach (var answer in capture.AllAnswers)
            snapshot.AddAnswer(answer);

        if (!capture.MemoryArray.IsEmpty)
            snapshot.AddArray(capture.MemoryArray);

        if (!capture.ReservedArray.IsEmpty)
            snapshot.AddArray(capture.ReservedArray);

        snapshot.MemblockWarnings = (int)capture.MemblockWarnings;
        snapshot.MemblockErrno = (int)capture.MemblockError;
        foreach (ref readonly var entry in _entries.AsSpan(0, (int)capture.EntryCount))
            snapshot.Add(new PfnRange(entry.StartPfn, entry.EndPfn, entry.Nid));

        _hotplug.Capture(snapshot);

        ref readonly var state = ref capture.State;
        ModuleStatus = state.Status;
        if (state.Buffer != 0 && _environment.Live(AllocationSite.TdmrBuffer) > 0)
            TdmrBuffer.Capture(state, snapshot.Tdmrs);

        snapshot.CanSuspend = state.CanSuspend != 0;
        snapshot.HasErratum = state.HasErratum != 0;
        snapshot.HasSeamretBug = state.HasSeamretBug != 0;
        snapshot.IncoherentCaches = state.IncoherentCaches;
        snapshot.HasTdxHostCapability = state.HasTdxHostCapability != 0;
        snapshot.IsInitialized = state.Status == 1;
        snapshot.SysinfoDigest = state.SysinfoDigest;
        snapshot.VmxUsers = _environment.VmxUsers;
        snapshot.OnlineCpus = state.OnlineCpus;
        snapshot.KeyIdsInUse = (int)state.KeyIdsInUse;
        snapshot.GlobalKeyId = state.GlobalKeyId;
        snapshot.GuestKeyIdStart = state.GuestKeyIdStart;
        snapshot.GuestKeyIds = state.GuestKeyIds;
    }

    private static ulong Longest(in NativeCapture capture) =>
        Math.Max(Math.Max(capture.RegionCount, capture.ReservedCount), capture.EntryCount);

    /// <summary>What build_tdx_memlist() makes of memblock as it is, without faults and without a trace; empty when it
    /// fails.</summary>
    public IReadOnlyList<PfnRange> BuildMemlist()
    {
        var entries = new NativeEntry[MaxBuilt];
        _context.IsSilent = true;
        var end = _library.Build(entries, out var count);
        _context.IsSilent = false;
        return end == NativeEnd.Returned && count > 0
            ? [.. entries.Take(count).Select(static e => new PfnRange(e.StartPfn, e.EndPfn, e.Nid))]
            : [];
    }

    /// <summary>The TDMRs after the last run, as they were when they were freed if they are.</summary>
    public TdmrTable ReadTdmrs()
    {
        var table = new TdmrTable();
        TdmrBuffer.Capture(_library.OpenTdmrs(), table);
        return table;
    }
}
