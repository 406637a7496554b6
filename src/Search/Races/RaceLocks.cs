// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Races;

/// <summary>Which locks initialisation takes, and in which order.</summary>
/// <param name="HasMemHotplugLock">get_online_mems() around building the list and handing it over.</param>
/// <param name="HasModuleLock">tdx_module_lock around tdx_enable().</param>
/// <param name="IsMixed">One caller takes mem_hotplug_lock before tdx_module_lock, the other behind it.</param>
public sealed record RaceLocks(bool HasMemHotplugLock = true, bool HasModuleLock = true, bool IsMixed = false);
