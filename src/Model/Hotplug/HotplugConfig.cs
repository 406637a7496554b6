// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>What a kernel's configuration decides about hotplug.</summary>
/// <param name="DefersPages">CONFIG_DEFERRED_STRUCT_PAGE_INIT: during boot the node of a page is looked up in
/// memblock.</param>
/// <param name="KeepsMemblock">CONFIG_ARCH_KEEP_MEMBLOCK, which CONFIG_INTEL_TDX_HOST selects: memblock follows
/// hotplug.</param>
/// <param name="OnlineType">CONFIG_MHP_DEFAULT_ONLINE_TYPE: what happens to added memory without a word on the command
/// line.</param>
public sealed record HotplugConfig(bool HasZoneDma, bool DefersPages, bool KeepsMemblock, OnlineType OnlineType)
{
    /// <summary>A usual kernel with a TDX host that leaves added memory offline.</summary>
    public static HotplugConfig TdxHost { get; } = new(true, true, true, OnlineType.Offline);
}
