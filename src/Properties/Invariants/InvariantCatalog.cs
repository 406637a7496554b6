// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Invariants;

/// <summary>All invariants that judge one trace, in the order in which they are reported.</summary>
public static class InvariantCatalog
{
    /// <summary>A fresh set; some keep scratch memory, so every worker takes its own.</summary>
    public static Invariant[] Create() =>
    [
        .. MemblockInvariants.All,
        .. MemlistInvariants.All,
        .. TdmrInvariants.All,
        .. ReservedAreaInvariants.All,
        .. PamtInvariants.All,
        .. SequenceInvariants.All,
        .. StatusInvariants.All,
        .. UnwindInvariants.All,
        .. GateInvariants.All,
        .. OnlineInvariants.All,
        .. HotplugInvariants.All,
        .. NumaInvariants.All.Select(static i => i with { NeedsBlocks = true }),
        .. AvailabilityInvariants.All,
        .. KernelInvariants.All,
    ];
}
