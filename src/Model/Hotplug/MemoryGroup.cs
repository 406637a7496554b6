// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>struct memory_group: the memory of one static device.</summary>
/// <param name="pages">Pages that the device has in all.</param>
public sealed class MemoryGroup(ulong pages)
{
    /// <summary>s.max_pages.</summary>
    public ulong MaxPages => pages;

    /// <summary>present_movable_pages.</summary>
    public ulong PresentMovable { get; set; }

    /// <summary>present_kernel_pages.</summary>
    public ulong PresentKernel { get; set; }
}
