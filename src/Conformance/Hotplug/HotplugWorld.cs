// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Platform;
using TdxVerify.Model.TdxHost;
using TdxVerify.Model.TdxModule;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>The model of a recorded machine: hotplug, the TDX host code, and the module that logs or refuses notifications.</summary>
internal sealed class HotplugWorld : IHotplugEnvironment
{
    private readonly MemblockTable _memblock = new();
    private readonly PamtPages _pages = new();
    private readonly ModulePlatform _platform = new();
    private readonly PermissiveModule _module;
    private readonly HostEnvironment _environment;
    private readonly HostCode _host;
    private readonly HashSet<ulong> _unmovable = [];
    private readonly bool _isTdx;
    private bool _isLogging;
    private List<AddressRange>? _allowed;

    /// <summary>Boots it.</summary>
    public HotplugWorld(RecordedBoot boot)
    {
        _isTdx = boot.IsTdx;
        var result = new BootFlow().Run(boot.Machine, _memblock);
        EarlyRanges = [.. result.EarlyRanges];
        boot.MapFakeNodes(EarlyRanges);
        Hotplug = new MemoryHotplug(_memblock, new KeptMemblock(_memblock), this);
        Slots = new MemorySlots(Hotplug);
        Files = new BlockFiles(Hotplug);
        _environment = new HostEnvironment(Faults, Choices, _pages, new Trace());
        _module = new PermissiveModule(_platform, 0);
        Choices.Cpus = boot.Cpus;
        _host = new HostCode(_environment, HostRules.Merged, _module);
        Hotplug.Boot(result, boot.Machine.Srat, BootFlow.BuildE820(boot.Machine), boot.IsGuest, boot.Config, boot.Parameters);
        foreach (var device in boot.Plugged)
        {
            Slots.Plug(device);
        }

        Hotplug.EndBoot();
        if (_isTdx)
        {
            _host.Init(boot.Machine.KeyIds ?? KeyIdPartition.Usual);
        }
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

    /// <summary>Which SEAMCALLs fail.</summary>
    public Faults Faults { get; } = new();

    /// <summary>Where PAMTs go.</summary>
    public Choices Choices { get; } = new() { TdmrInitStep = 0 };

    /// <summary>What the host code did in the last enable.</summary>
    public Trace Trace => _environment.Trace;

    /// <summary>Notifications since it was last cleared: action, first page frame, first after the last.</summary>
    public List<(MemoryAction Action, ulong Start, ulong End)> Notifications { get; } = [];

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
    public void Pin(IEnumerable<ulong> blocks)
    {
        _unmovable.Clear();
        _unmovable.UnionWith(blocks);
    }

    /// <summary>tdx_cpu_enable() and tdx_enable() with a module that accepts everything but what the faults say; calls are counted from here.</summary>
    public int Enable(ModuleLimits limits)
    {
        Trace.Clear();
        _pages.Reset(Choices, _memblock);
        _platform.Limits = limits;
        _module.Reset(_platform, 0);
        return _host.EnableAll(Choices.Cpus, _memblock);
    }

    /// <inheritdoc/>
    public int Notify(MemoryAction action, ulong start, ulong pages)
    {
        if (action == MemoryAction.GoingOnline && _isTdx && _host.HasPlatform && _host.Notifier.GoingOnline(start, pages) != MemoryNotifier.NotifyOk)
        {
            return -Errno.Eperm;
        }

        if (_isLogging)
        {
            Notifications.Add((action, start, start + pages));
        }

        var range = new AddressRange(Pages.Address(start), Pages.Address(start + pages));
        return action == MemoryAction.GoingOnline && _allowed is { } allowed && !allowed.Exists(r => r.Contains(range)) ? -Errno.Eperm : 0;
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
    public Isolation Isolate(MemoryBlock block) => _unmovable.Contains(block.Id) ? Isolation.Unmovable : Isolation.Done;
}
