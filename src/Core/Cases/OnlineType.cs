// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>enum mmop: what memoryN/state and auto_online_blocks are told.</summary>
public enum OnlineType
{
    /// <summary>MMOP_OFFLINE, "offline".</summary>
    Offline,
    /// <summary>MMOP_ONLINE, "online": the zone that the policy finds.</summary>
    Online,
    /// <summary>MMOP_ONLINE_KERNEL, "online_kernel".</summary>
    OnlineKernel,
    /// <summary>MMOP_ONLINE_MOVABLE, "online_movable".</summary>
    OnlineMovable,
}
