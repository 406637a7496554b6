// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>Which locks exclude anybody, and in which order they are taken.</summary>
/// <param name="IsMixed">The second caller takes mem_hotplug_lock around tdx_module_lock, the first inside.</param>
public sealed record RaceLocks(bool HasMemHotplugLock = true, bool HasModuleLock = true, bool IsMixed = false);
