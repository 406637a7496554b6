// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Numa;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>A recorded boot as a host: hotplug, the TDX host code, and the module that logs or refuses
/// notifications.</summary>
internal sealed class RecordedHost : IHost, IHotplugEnvironment
{
    private readonly RecordedBoot _boot;
    private readonly MemblockTable _memblock = new();
    private readonly PamtPages _pages = new();
    private readonly PermissiveModule _module;
    private readonly HostEnvironment _environment;
    private readonly HostCode _code;
    private readonly HotplugMachine _machine;
    private readonly SubjectDriver _driver;
    private readonly Dictionary<ulong, Isolation> _pinned = [];
    private readonly Dictionary<MemoryAction, int> _injected = [];
    private bool _isLogging;
    private List<AddressRange>? _allowed;

    public RecordedHost(RecordedBoot boot)
    {
        _boot = boot;
        _environment = new HostEnvironment(Faults, Choices, _pages, new Trace());
        _machine = new HotplugMachine(
            _memblock, new ArchKeepMemblock(_memblock), this, boot.Policy,
                new GuestMemory(_environment, boot.Policy.GuestPolicies, boot.Policy.GuestMemfdHasPolicy));
        _module = new PermissiveModule(Platform, 0);
        Choices.Cpus = boot.OnlineCpus;
        Choices.CpusPerPackage = boot.CpusPerPackage;
        Choices.Missing = boot.Missing;
        Choices.OfflineCpus = boot.Cpus - boot.OnlineCpus;
        _code = new HostCode(_environment, boot.Policy, _module);
        _driver = new SubjectDriver(this);
        _driver.Boot(boot.Scenario);
    }

    public string Name => "recorded boot";

    /// <summary>The kernel's part of the boot, up to its zones.</summary>
    void IHost.Boot(Scenario scenario)
    {
        var machine = scenario.Machine;
        var result = new BootFlow(_boot.Policy).Run(machine, _memblock);
        EarlyRanges = [.. result.EarlyRanges];
        _boot.MapFakeNodes(EarlyRanges);
        Memory.Boot(
            result, machine.Srat, BootFlow.BuildE820(machine), _boot.RunsUnderHypervisor, _boot.Config,
            _boot.Parameters);
        if (_boot.IsTdx)
            _code.Init(machine.KeyIds ?? KeyIdPartition.Usual);
    }

    public int Take(in Step step)
    {
        _driver.Take(step);
        return Trace.Steps[^1].Result;
    }

    public void EndBoot(RecordedBoot boot)
    {
        foreach (var device in boot.Plugged)
            Slots.Plug(device);

        Memory.EndBoot();
    }

    public MemoryHotplug Memory => _machine.Memory;
    public MemorySlots Slots => _machine.Slots;
    public BlockFiles Files => _machine.Files;
    public MemblockTable? Memblock => _boot.IsTdx ? _memblock : null;
    public IReadOnlyList<PfnRange> EarlyRanges { get; private set; } = [];
    public ReadOnlySpan<PfnRange> Memlist => _code.Memlist.Entries;
    public uint GlobalKeyId => _code.GlobalKeyId;
    public ModulePlatform Platform { get; } = new();
    public OnlineCpus Cpus => _code.Cpus;

    /// <summary>A page was taken away for good: any block that was online then may have had it.</summary>
    public HashSet<ulong> MayBePoisoned { get; } = [];

    public Faults Faults { get; } = new();
    public Choices Choices { get; } = new() { TdmrInitStep = 0 };
    public Trace Trace => _environment.Trace;
    public List<string> Notifications { get; } = [];

    /// <summary>True when a notifier refuses with that errno.</summary>
    public bool Refuses(MemoryAction action, int errno) => _injected.GetValueOrDefault(action) == -errno;

    public bool RefusesOffline => _injected.GetValueOrDefault(MemoryAction.GoingOffline) != 0;

    /// <summary>From now on a notifier behind all others answers an errno, or nothing more.</summary>
    public void Inject(MemoryAction action, int errno) => _injected[action] = errno;

    /// <summary>The module is loaded: it logs, and with ranges refuses what is inside none of them.</summary>
    public void StartLogging(List<AddressRange>? allowed)
    {
        _isLogging = true;
        _allowed = allowed;
    }

    public void StopLogging()
    {
        _isLogging = false;
        _allowed = null;
    }

    /// <summary>From now on pages of these blocks can't be moved away, those of others can.</summary>
    public void Pin(IEnumerable<ulong> blocks, Isolation isolation = Isolation.Unmovable)
    {
        _pinned.Clear();
        foreach (var block in blocks)
            _pinned[block] = isolation;
    }

    public ModuleLimits Limits
    {
        set => Platform.Limits = value;
    }

    /// <summary>A module that accepts everything but what the faults say. A record counts calls from each enabling on:
    /// the trace begins anew.</summary>
    int? IHost.Enable()
    {
        Trace.Clear();
        Capture(Trace.EndBoot());
        _pages.Reset(Choices, _memblock);
        _module.Reset(Platform, Choices.TdmrInitStep);
        return _code.EnableAll(_memblock);
    }

    int? IHost.Hotplug(in Step step) => _machine.Take(step, Trace.SnapshotAfter(Trace.Steps.Length));

    public void Capture(Snapshot snapshot)
    {
        _memblock.Capture(snapshot);
        _code.Capture(snapshot);
        Memory.Capture(snapshot);
    }

    public int Notify(MemoryAction action, ulong start, ulong pages)
    {
        if (action == MemoryAction.GoingOnline && _boot.IsTdx && _code.HasTdxHostCapability
            && NotifierVerdict.ToErrno(_code.Notifier.GoingOnline(start, pages)) != 0)
        {
            return -Errno.Eperm;
        }

        if (_isLogging)
        {
            Notifications.Add(
                string.Create(CultureInfo.InvariantCulture, $"{(int)action}:[0x{start:x}, 0x{start + pages:x})"));
        }

        var range = new AddressRange(Pages.Address(start), Pages.Address(start + pages));
        var isVetoed = action == MemoryAction.GoingOnline && _allowed is { } allowed
            && !allowed.Exists(r => r.Contains(range));
        return isVetoed ? -Errno.Eperm : _injected.GetValueOrDefault(action);
    }

    public int NotifyNode(NodeAction action, int nid)
    {
        if (_isLogging)
            Notifications.Add(string.Create(CultureInfo.InvariantCulture, $"node {(int)action} {nid}"));

        return 0;
    }

    public void Begin()
    {
        // The record does not show locks.
    }

    public void Done()
    {
        // The same.
    }

    public bool MayAdd(ulong start, ulong pages) => true;
    public Isolation Isolate(MemoryBlock block) => _pinned.GetValueOrDefault(block.Id, Isolation.Done);
}
