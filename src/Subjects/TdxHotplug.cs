// SPDX-License-Identifier: MIT

using TdxVerify.Model;
using TdxVerify.Model.Hotplug;
using TdxVerify.Model.Memblock;
using TdxVerify.Model.Numa;
using TdxVerify.Subjects.Pamts;

namespace TdxVerify.Subjects;

/// <summary>Memory hotplug around a host's TDX code: the model's blocks and zones, the host's own notifier and
/// memblock.</summary>
internal sealed class TdxHotplug : IHotplugEnvironment
{
    private readonly HostEnvironment _environment;
    private readonly PamtPages _pages;
    private readonly Func<MemoryAction, ulong, ulong, int> _notify;
    private readonly HotplugMachine _machine;
    private readonly Snapshot _scratch = new();
    private Scenario _scenario = new();

    /// <summary>A machine without memory.</summary>
    /// <param name="notify">The host's notifier: an action on page frames [start, start+pages), and its
    /// verdict.</param>
    public TdxHotplug(
        MemblockTable memblock, IArchKeepMemblock kept, HostEnvironment environment, PamtPages pages,
        KernelPolicy policy, Func<MemoryAction, ulong, ulong, int> notify)
    {
        _environment = environment;
        _pages = pages;
        _notify = notify;
        _machine = new HotplugMachine(
            memblock, kept, this, policy,
            new GuestMemory(environment, policy.GuestPolicies, policy.GuestMemfdHasPolicy));
    }

    /// <summary>A design's check of page frames [start, start+pages) that are added.</summary>
    public Func<ulong, ulong, bool> MayBeAdded { get; init; } = static (_, _) => true;

    public bool IsOn { get; private set; }

    public void Boot(Scenario scenario, BootResult boot)
    {
        _scenario = scenario;
        IsOn = scenario.HasHotplug;
        if (IsOn)
            _machine.Boot(scenario, boot);
    }

    /// <summary>PAMTs are made of pages that are online, outside ZONE_MOVABLE, when TDX is enabled.</summary>
    public void OfferPages()
    {
        if (IsOn)
            _pages.SetMemory(_machine.Memory.KernelPages());
    }

    /// <summary>Takes a step on memory blocks.</summary>
    /// <returns>0 or a negative errno.</returns>
    public int Take(in Step step) =>
        _machine.Take(step, _environment.Trace.SnapshotAfter(_environment.Trace.Steps.Length));

    public void Capture(Snapshot snapshot)
    {
        if (IsOn)
            _machine.Memory.Capture(snapshot);
    }

    /// <summary>Pages that the page allocator manages now, ascending.</summary>
    public void CaptureManaged(List<PfnRange> pages)
    {
        _scratch.Clear();
        _machine.Memory.Capture(_scratch);
        pages.Clear();
        pages.AddRange(_scratch.Managed);
    }

    public void Begin() => _environment.Lock(HostLock.MemHotplugWrite);
    public void Done() => _environment.Unlock(HostLock.MemHotplugWrite);

    public int Notify(MemoryAction action, ulong start, ulong pages)
    {
        var errno = NotifierVerdict.ToErrno(_notify(action, start, pages));
        _environment.NoteNotification(action, start, pages, errno);
        return errno;
    }

    public int NotifyNode(NodeAction action, int nid) => 0;
    public bool MayAdd(ulong start, ulong pages) => MayBeAdded(start, pages);

    public Isolation Isolate(MemoryBlock block)
    {
        var blocks = _machine.Memory.Blocks;
        var start = block.Id * blocks.BlockPages;
        if (_pages.HoldsPamt(start, start + blocks.BlockPages))
            return Isolation.Unmovable;

        foreach (var pinned in _scenario.Choices.Pinned)
        {
            if (pinned.Address == block.Id * blocks.BlockSize)
                return pinned.Isolation;
        }

        return Isolation.Done;
    }
}
