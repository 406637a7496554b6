// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Cases;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Properties.Generation;

/// <summary>Faults and choices: where PAMTs go, how fast the module is, what fails.</summary>
internal static class EnvironmentFiller
{
    /// <summary>A module that does 4 MiB a call is only waited for on machines up to this size, in bytes.</summary>
    private const ulong SmallMachine = 4 * Sizes.Page1G;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly int[] CpuCounts = [1, 2, 2, 4, 4];
    private static readonly PamtPlacement[] OtherPlacements = [PamtPlacement.TopDown, PamtPlacement.BottomUp, PamtPlacement.Adversarial, PamtPlacement.Adversarial];
    private static readonly int[] NotifierErrnos = [-Errno.Enomem, -Errno.Einval];

    private static readonly ulong[] FailingLeaves =
    [
        SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd, SeamcallLeaf.SysConfig, SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysKeyConfig,
        SeamcallLeaf.SysTdmrInit, SeamcallLeaf.SysTdmrInit, SeamcallLeaf.SysTdmrInit,
    ];

    private static readonly ulong[] FailingStatuses =
    [
        TdxStatus.RndNoEntropy, TdxStatus.RndNoEntropy, TdxStatus.SysBusy, TdxStatus.OperandBusy + (ulong)SeamcallOperand.Ket, TdxStatus.KeyGenerationFailed, TdxStatus.SysNotReady,
        TdxStatus.OperandInvalid, TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd, TdxStatus.SysConfigNotPending,
    ];
    private static readonly int[] EntropyFailures = [1, 1, 3, 9, 10, 12];
    private static readonly int[] Failures = [1, 1, 1, 100, 1_000_000];

    /// <summary>Fills in both.</summary>
    public static void Fill(ref Draws draws, Scenario scenario, Mood mood)
    {
        FillChoices(ref draws, scenario, mood);
        if (draws.Chance(45))
        {
            FillFault(ref draws, scenario);
        }

        if (draws.Chance(4))
        {
            FillFault(ref draws, scenario);
        }
    }

    private static void FillChoices(ref Draws draws, Scenario scenario, Mood mood)
    {
        var choices = scenario.Choices;
        choices.TdmrInitStep = IsSmall(scenario) && draws.Chance(4) ? Sizes.Mib4 : 0;
        choices.Cpus = draws.Pick<int>(CpuCounts);
        choices.CpusPerPackage = choices.Cpus == 1 ? 1 : draws.Pick<int>([1, 2, choices.Cpus]);
        choices.PartialWriteErratum = draws.Chance(70);
        choices.TdmrInitStalls = draws.Chance(3);
        choices.Placement = draws.Chance(mood == Mood.Realistic ? 80 : 45)
            ? PamtPlacement.FirstFit
            : draws.Pick<PamtPlacement>(OtherPlacements);
        choices.PlacementBits = choices.Placement == PamtPlacement.Adversarial ? draws.Next() : 0;
    }

    private static bool IsSmall(Scenario scenario)
    {
        ulong bytes = 0;
        foreach (var entry in scenario.Machine.E820)
        {
            bytes += entry.Size;
        }

        foreach (var call in scenario.Machine.MemblockOperations)
        {
            bytes += call.Size;
        }

        return bytes <= SmallMachine;
    }

    private static void FillFault(ref Draws draws, Scenario scenario)
    {
        var faults = scenario.Faults;
        switch (draws.Below(100))
        {
            case < 16:
                faults.FailingKmalloc = draws.Between(1, scenario.Machine.E820.Count + scenario.Machine.MemblockOperations.Count + 3);
                break;
            case < 30:
                faults.FailingContig = draws.Between(1, 4);
                break;
            case < 36:
                faults.FailingPagesExact = 1;
                break;
            case < 40:
                faults.HibernationAvailable = true;
                break;
            case < 44:
                faults.NotifierRegistrationErrno = draws.Pick<int>(NotifierErrnos);
                break;
            default:
                FillSeamcall(ref draws, faults);
                break;
        }
    }

    private static void FillSeamcall(ref Draws draws, Faults faults)
    {
        var leaf = draws.Pick<ulong>(FailingLeaves);
        var status = draws.Pick<ulong>(FailingStatuses);
        var times = status == TdxStatus.RndNoEntropy ? draws.Pick<int>(EntropyFailures) : draws.Pick<int>(Failures);
        faults.Seamcalls.Add(new SeamcallFault(leaf, draws.Between(1, leaf == SeamcallLeaf.SysRd ? 5 : 3), times, status));
    }
}
