// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Shrinking;

/// <summary>Which of two scripted faults is the simpler one.</summary>
internal static class FaultOrder
{
    public static readonly ulong[] Statuses =
    [
        TdxStatus.OperandInvalid, TdxStatus.SysBusy, TdxStatus.RndNoEntropy,
        TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd,
    ];

    /// <summary>In the order of their calls.</summary>
    public static readonly ulong[] Leaves =
    [
        SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd,
        SeamcallLeaf.SysConfig, SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysTdmrInit, SeamcallLeaf.SysShutdown,
        SeamcallLeaf.SeamldrInstall, SeamcallLeaf.SysUpdate, SeamcallLeaf.SysDisable,
    ];

    /// <summary>0 for the first; what is not in the list is last.</summary>
    public static int Rank(ulong[] order, ulong value) =>
        Array.IndexOf(order, value) is var rank and >= 0 ? rank : order.Length;
}
