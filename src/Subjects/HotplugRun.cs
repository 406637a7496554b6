// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Numa;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Subjects;

/// <summary>Memory hotplug around a subject's TDX code: the model's blocks and zones, the subject's own notifier and memblock.</summary>
internal sealed class HotplugRun : IHotplugEnvironment
{
    private readonly HostEnvironment _environment;
    private readonly PamtPages _pages;
    private readonly Func<MemoryAction, ulong, ulong, int> _notify;
    private readonly MemoryHotplug _hotplug;
    private readonly MemorySlots _slots;
    private readonly BlockFiles _files;
    private readonly GuestMemory _guest;
    private readonly Snapshot _scratch = new();
    private Scenario _scenario = new();

    /// <summary>A machine without memory.</summary>
    /// <param name="memblock">What boot made.</param>
    /// <param name="kept">What follows hotplug.</param>
    /// <param name="environment">Where everything is recorded.</param>
    /// <param name="pages">Which pages PAMTs are made of.</param>
    /// <param name="rules">What hotplug does.</param>
    /// <param name="numa">What becomes of guests' memory policies.</param>
    /// <param name="notify">The subject's notifier: an action on page frames [start, start+pages), and its verdict.</param>
    public HotplugRun(MemblockTable memblock, IArchKeepMemblock kept, HostEnvironment environment, PamtPages pages, HotplugRules rules, NumaRules numa, Func<MemoryAction, ulong, ulong, int> notify)
    {
        _environment = environment;
        _pages = pages;
        _notify = notify;
        _hotplug = new MemoryHotplug(memblock, kept, this) { Rules = rules };
        _slots = new MemorySlots(_hotplug);
        _files = new BlockFiles(_hotplug);
        _guest = new GuestMemory(environment, numa);
    }

    /// <summary>A design's check of page frames [start, start+pages) that are added.</summary>
    public Func<ulong, ulong, bool> MayBeAdded { get; init; } = static (_, _) => true;

    /// <summary>Pages that the page allocator manages now, ascending.</summary>
    public void CaptureManaged(List<PfnRange> pages)
    {
        _scratch.Clear();
        _hotplug.Capture(_scratch);
        pages.Clear();
        pages.AddRange(_scratch.Managed);
    }

    /// <summary>Boots.</summary>
    /// <param name="scenario">Whose machine.</param>
    /// <param name="boot">What the boot flow found.</param>
    public void Boot(Scenario scenario, BootResult boot)
    {
        _scenario = scenario;
        var machine = scenario.Machine;
        var e820 = machine.E820.Count > 0 ? BootFlow.BuildE820(machine) : null;
        _slots.Clear();
        _guest.Clear();
        _hotplug.Boot(boot, machine.Srat, e820, scenario.Choices.RunsUnderHypervisor, HotplugConfig.TdxHost, HotplugParameters.Read($"{machine.Options.MemoryWords} {machine.Options.HotplugWords}"));
        _hotplug.EndBoot();
    }

    /// <summary>What the page allocator can make PAMTs of from now on: online pages outside ZONE_MOVABLE.</summary>
    public void OfferPages()
    {
        _pages.SetMemory(_hotplug.KernelPages());
    }

    /// <summary>Takes a step on memory blocks.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Take(in Step step)
    {
        switch (step.Kind)
        {
            case StepKind.HotAdd:
            case StepKind.HotAddManaged:
                return IsDimm(step) ? -Errno.Eexist : _hotplug.Add(step.Nid, step.Address, step.Size, step.Kind == StepKind.HotAddManaged, hasMemmap: true, group: null);
            case StepKind.BlockOnline:
            case StepKind.BlockOffline:
                var type = step.Kind == StepKind.BlockOffline ? OnlineType.Offline : step.Type;
                return _files.WriteState(step.Address / _hotplug.Blocks.BlockSize, HotplugParameters.NameOf(type));
            case StepKind.HotRemove:
                return IsDimm(step) ? -Errno.Ebusy : _hotplug.Remove(step.Address, step.Size);
            case StepKind.OfflineAndRemove:
                return IsDimm(step) ? -Errno.Ebusy : _hotplug.OfflineAndRemove(step.Address, step.Size);
            case StepKind.AutoOnline:
                return _files.WriteAutoOnline(HotplugParameters.NameOf(step.Type));
            case StepKind.PlugDimm:
                return _slots.Plug(new MemoryDevice("", step.Nid, step.Range));
            case StepKind.GuestPolicy:
            case StepKind.GuestVmaPolicy:
                return _guest.SetPolicy(Now, step.Nodes, step.Kind == StepKind.GuestVmaPolicy, step.IsForTdx);
            case StepKind.GuestPage:
                return _guest.TakePage(Now);
            default:
                return _slots.At(step.Address) is { } device ? _slots.Unplug(device) : -Errno.Enodev;
        }
    }

    /// <summary>What is in a slot comes and goes with its DIMM: that another driver adds or removes it is a BUG() at the next unplug.</summary>
    private bool IsDimm(in Step step) => _slots.Overlaps(step.Range);

    /// <summary>The state after the last step.</summary>
    private Snapshot Now => _environment.Trace.SnapshotAfter(_environment.Trace.Steps.Length);

    /// <summary>Writes the state down.</summary>
    public void Capture(Snapshot snapshot) => _hotplug.Capture(snapshot);

    /// <inheritdoc/>
    public void Begin() => _environment.Lock(HostLock.MemHotplugWrite);

    /// <inheritdoc/>
    public void Done() => _environment.Unlock(HostLock.MemHotplugWrite);

    /// <inheritdoc/>
    public int Notify(MemoryAction action, ulong start, ulong pages)
    {
        // NOTIFY_STOP_MASK does not count; what is above NOTIFY_OK is an errno.
        const int StopMask = 0x8000;
        const int NotifyOk = 1;
        var verdict = _notify(action, start, pages) & ~StopMask;
        var errno = verdict > NotifyOk ? NotifyOk - verdict : 0;
        _environment.NoteNotification(action, start, pages, errno);
        return errno;
    }

    /// <inheritdoc/>
    public int NotifyNode(NodeAction action, int nid) => 0;

    /// <inheritdoc/>
    public bool MayAdd(ulong start, ulong pages) => MayBeAdded(start, pages);

    /// <inheritdoc/>
    public Isolation Isolate(MemoryBlock block)
    {
        var start = block.Id * _hotplug.Blocks.BlockPages;
        if (!_hotplug.Rules.MovesPamts && _pages.HoldsPamt(start, start + _hotplug.Blocks.BlockPages))
        {
            return Isolation.Unmovable;
        }

        var address = block.Id * _hotplug.Blocks.BlockSize;
        foreach (var pinned in _scenario.Choices.Pinned)
        {
            if (pinned.Address == address)
            {
                return pinned.Isolation;
            }
        }

        return Isolation.Done;
    }
}
