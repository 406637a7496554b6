// SPDX-License-Identifier: MIT

using TdxVerify.Core.Seamcall;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Which of two scripted faults is the simpler one.</summary>
internal static class FaultOrder
{
    private static readonly ulong[] SimplestStatuses =
    [
        TdxStatus.OperandInvalid, TdxStatus.SysBusy, TdxStatus.RndNoEntropy,
        TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd,
    ];

    private static readonly ulong[] EarliestLeaves =
    [
        SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd,
        SeamcallLeaf.SysConfig, SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysTdmrInit,
    ];

    /// <summary>Statuses to try, the simplest first.</summary>
    public static IReadOnlyList<ulong> Statuses => SimplestStatuses;

    /// <summary>Leaves to try, in the order of their calls.</summary>
    public static IReadOnlyList<ulong> Leaves => EarliestLeaves;

    /// <summary>0 for the first leaf; those not in the list are last.</summary>
    public static int Rank(ulong leaf) => Rank(EarliestLeaves, leaf);

    /// <summary>0 for the simplest status; those not in the list are last.</summary>
    public static int RankStatus(ulong status) => Rank(SimplestStatuses, status);

    private static int Rank(ulong[] order, ulong value) =>
        Array.IndexOf(order, value) is var rank and >= 0 ? rank : order.Length;
}
