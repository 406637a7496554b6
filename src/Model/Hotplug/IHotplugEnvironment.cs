// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>What only allocation decides when a memory block goes offline.</summary>
public enum Isolation
{
    /// <summary>Every page could be moved away.</summary>
    Done,

    /// <summary>A page can't be moved, seen before anybody is notified: -EBUSY.</summary>
    Unmovable,

    /// <summary>The same, seen after MEM_GOING_OFFLINE: -EBUSY.</summary>
    Stuck,

    /// <summary>A signal came while pages were moved: -EINTR.</summary>
    Interrupted,
}

/// <summary>What hotplug asks of the world.</summary>
public interface IHotplugEnvironment
{
    /// <summary>memory_notify() for page frames [start, start+pages).</summary>
    /// <returns>0, or what a callback's refusal means: -EPERM for NOTIFY_BAD.</returns>
    int Notify(MemoryAction action, ulong start, ulong pages);

    /// <summary>Whether the pages of a memory block can be moved away now.</summary>
    Isolation Isolate(MemoryBlock block);
}
