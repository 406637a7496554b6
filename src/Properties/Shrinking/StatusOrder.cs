// SPDX-License-Identifier: MIT

using TdxVerify.Model.Seamcall;

namespace TdxVerify.Properties.Shrinking;

/// <summary>Which of two scripted statuses is the simpler one.</summary>
internal static class StatusOrder
{
    private static readonly ulong[] Simplest =
    [
        TdxStatus.OperandInvalid, TdxStatus.SysBusy, TdxStatus.RndNoEntropy, TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd,
    ];

    /// <summary>Statuses to try, the simplest first.</summary>
    public static ReadOnlySpan<ulong> All => Simplest;

    /// <summary>0 for the simplest; those not in the list are last.</summary>
    public static int Rank(ulong status) => Array.IndexOf(Simplest, status) is var rank and >= 0 ? rank : Simplest.Length;
}
