// SPDX-License-Identifier: MIT

using System.Globalization;
using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Core.Platform;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>The model of a recorded machine: hotplug, the TDX host code, and the module that logs or refuses notifications.</summary>
internal sealed class HotplugContext : IHotplugEnvironment
{
    private readonly MemblockTable _memblock = new();
    private readonly PamtPages _pages = new();
    private readonly PermissiveModule _module;
    private readonly HostEnvironment _environment;
    private readonly HostCode _host;
    private readonly EnableInitcall _initcall;
    private readonly Dictionary<ulong, Isolation> _pinned = [];
    private readonly Dictionary<MemoryAction, int> _injected = [];
    private readonly bool _isTdx;
    private bool _isLogging;
    private List<AddressRange>? _allowed;

    /// <summary>Boots it.</summary>
    public HotplugContext(RecordedBoot boot)
    {
        _isTdx = boot.IsTdx;
        var result = new BootFlow(boot.Rules.Boot).Run(boot.Machine, _memblock);
        EarlyRanges = [.. result.EarlyRanges];
        boot.MapFakeNodes(EarlyRanges);
        Hotplug = new MemoryHotplug(_memblock, new ArchKeepMemblock(_memblock), this) { Rules = boot.Rules.Hotplug };
        Slots = new MemorySlots(Hotplug);
        Files = new BlockFiles(Hotplug);
        _environment = new HostEnvironment(Faults, Choices, _pages, new Trace());
        _module = new PermissiveModule(Platform, 0);
        Choices.Cpus = boot.OnlineCpus;
        Choices.CpusPerPackage = boot.CpusPerPackage;
        Choices.Missing = boot.Missing;
        OnlineCpus.UnionWith(Enumerable.Range(0, boot.OnlineCpus));
        _host = new HostCode(_environment, boot.Rules, _module);
        Cpus = new OnlineCpus(_host);
        _initcall = new EnableInitcall(_host, Cpus);
        Hotplug.Boot(result, boot.Machine.Srat, BootFlow.BuildE820(boot.Machine), boot.RunsUnderHypervisor, boot.Config, boot.Parameters);
        if (_isTdx)
        {
            _host.Init(boot.Machine.KeyIds ?? KeyIdPartition.Usual);
        }
    }

    /// <summary>The rest of the boot: ACPI finds the DIMMs.</summary>
    public void EndBoot(RecordedBoot boot)
    {
        foreach (var device in boot.Plugged)
        {
            Slots.Plug(device);
        }

        Hotplug.EndBoot();
    }

    /// <summary>The memory.</summary>
    public MemoryHotplug Hotplug { get; }

    /// <summary>Its DIMMs.</summary>
    public MemorySlots Slots { get; }

    /// <summary>Its files.</summary>
    public BlockFiles Files { get; }

    /// <summary>memblock, where the kernel keeps it.</summary>
    public MemblockTable? Memblock => _isTdx ? _memblock : null;

    /// <summary>What "Early memory node ranges" prints.</summary>
    public IReadOnlyList<PfnRange> EarlyRanges { get; }

    /// <summary>tdx_memlist.</summary>
    public ReadOnlySpan<PfnRange> Memlist => _host.Memlist.Entries;

    /// <summary>tdx_global_keyid.</summary>
    public uint GlobalKeyId => _host.GlobalKeyId;

    /// <summary>What the module reports.</summary>
    public ModulePlatform Platform { get; } = new();

    /// <summary>CPUs as TDX sees them come and go.</summary>
    public OnlineCpus Cpus { get; }

    /// <summary>CPUs that are online.</summary>
    public SortedSet<int> OnlineCpus { get; } = [];

    /// <summary>A page was taken away for good: any block that was online then may have had it.</summary>
    public HashSet<ulong> MayBePoisoned { get; } = [];

    /// <summary>Which SEAMCALLs fail.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Where PAMTs go.</summary>
    public Choices Choices { get; } = new() { TdmrInitStep = 0 };

    /// <summary>What the host code did in the last enable.</summary>
    public Trace Trace => _environment.Trace;

    /// <summary>Notifications since it was last cleared.</summary>
    public List<string> Notifications { get; } = [];

    /// <summary>True when a notifier refuses with that errno.</summary>
    public bool Refuses(MemoryAction action, int errno) => _injected.GetValueOrDefault(action) == -errno;

    /// <summary>True when a notifier refuses that blocks go offline.</summary>
    public bool RefusesOffline => _injected.GetValueOrDefault(MemoryAction.GoingOffline) != 0;

    /// <summary>From now on a notifier behind all others answers an errno, or nothing more.</summary>
    public void Inject(MemoryAction action, int errno) => _injected[action] = errno;

    /// <summary>The module is loaded: it logs, and with ranges refuses what is inside none of them.</summary>
    public void StartLogging(List<AddressRange>? allowed)
    {
        _isLogging = true;
        _allowed = allowed;
    }

    /// <summary>The module is gone.</summary>
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
        {
            _pinned[block] = isolation;
        }
    }

    /// <summary>tdx_cpu_enable() and tdx_enable() with a module that accepts everything but what the faults say; calls are counted from here.</summary>
    public int Enable(ModuleLimits limits)
    {
        Reset(limits);
        return _host.EnableAll(Choices.Cpus, _memblock);
    }

    /// <summary>The same as an initcall.</summary>
    public int EnableDuringBoot(ModuleLimits limits)
    {
        Reset(limits);
        return _initcall.Run(OnlineCpus, _memblock);
    }

    private void Reset(ModuleLimits limits)
    {
        Trace.Clear();
        _pages.Reset(Choices, _memblock);
        Platform.Limits = limits;
        _module.Reset(Platform, Choices.TdmrInitStep);
    }

    /// <inheritdoc/>
    public int Notify(MemoryAction action, ulong start, ulong pages)
    {
        if (action == MemoryAction.GoingOnline && _isTdx && _host.HasTdxHostCapability && _host.Notifier.GoingOnline(start, pages) != MemoryNotifier.NotifyOk)
        {
            return -Errno.Eperm;
        }

        if (_isLogging)
        {
            Notifications.Add(string.Create(CultureInfo.InvariantCulture, $"{(int)action}:[0x{start:x}, 0x{start + pages:x})"));
        }

        var range = new AddressRange(Pages.Address(start), Pages.Address(start + pages));
        var isVetoed = action == MemoryAction.GoingOnline && _allowed is { } allowed && !allowed.Exists(r => r.Contains(range));
        return isVetoed ? -Errno.Eperm : _injected.GetValueOrDefault(action);
    }

    /// <inheritdoc/>
    public int NotifyNode(NodeAction action, int nid)
    {
        if (_isLogging)
        {
            Notifications.Add(string.Create(CultureInfo.InvariantCulture, $"node {(int)action} {nid}"));
        }

        return 0;
    }

    /// <inheritdoc/>
    public void Begin()
    {
        // The record does not show locks.
    }

    /// <inheritdoc/>
    public void Done()
    {
        // The same.
    }

    /// <inheritdoc/>
    public bool MayAdd(ulong start, ulong pages) => true;

    /// <inheritdoc/>
    public Isolation Isolate(MemoryBlock block) => _pinned.GetValueOrDefault(block.Id, Isolation.Done);
}
