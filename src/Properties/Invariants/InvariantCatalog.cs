// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Invariants;

/// <summary>All invariants that judge one trace, in the order in which they are reported.</summary>
public static class InvariantCatalog
{
    /// <summary>A fresh set; some keep scratch memory, so every worker takes its own.</summary>
    public static Invariant[] Create() =>
    [
        .. MemblockInvariants.All,
        .. ReservedInvariants.All,
        .. MemlistInvariants.All,
        .. TdmrInvariants.All,
        .. ReservedAreaInvariants.All,
        .. PamtInvariants.All,
        .. SequenceInvariants.All,
        .. CallInvariants.All,
        .. StatusInvariants.All,
        .. UnwindInvariants.All,
        .. LifetimeInvariants.All,
        .. LogInvariants.All,
        .. GateInvariants.All,
        .. OnlineInvariants.All,
        .. HotplugInvariants.All,
        .. BlockInvariants.All.Concat(NotificationInvariants.All).Select(static i => i with { NeedsBlocks = true }),
        .. FrameInvariants.All,
        .. CpuInvariants.All,
        .. UpdateInvariants.All,
        .. EndInvariants.All,
        .. NumaInvariants.All.Select(static i => i with { NeedsBlocks = true }),
        .. AvailabilityInvariants.All,
        .. KernelInvariants.All,
    ];
}
