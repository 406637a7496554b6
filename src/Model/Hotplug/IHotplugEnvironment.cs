// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>What hotplug asks of the world.</summary>
public interface IHotplugEnvironment
{
    /// <summary>mem_hotplug_begin().</summary>
    void Begin();

    /// <summary>mem_hotplug_done().</summary>
    void Done();

    /// <summary>memory_notify() for page frames [start, start+pages).</summary>
    /// <returns>0, or what a callback's refusal means: -EPERM for NOTIFY_BAD.</returns>
    int Notify(MemoryAction action, ulong start, ulong pages);

    /// <summary>node_notify() about a node; who listens may refuse the two that announce something.</summary>
    /// <returns>0, or what a callback's refusal means.</returns>
    int NotifyNode(NodeAction action, int nid);

    /// <summary>Whether page frames [start, start+pages) may be added, where that is asked.</summary>
    bool MayAdd(ulong start, ulong pages);

    /// <summary>Whether the pages of a memory block can be moved away now.</summary>
    Isolation Isolate(MemoryBlock block);
}
