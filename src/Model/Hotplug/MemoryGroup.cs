// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>struct memory_group: the memory of one static device.</summary>
/// <param name="pages">Pages that the device has in all.</param>
public sealed class MemoryGroup(ulong pages)
{
    public ulong MaxPages => pages;
    public ulong PresentMovable { get; set; }
    public ulong PresentKernel { get; set; }
}
