// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Faults and choices: where PAMTs go, how fast the module is, what fails.</summary>
internal static class EnvironmentGenerator
{
    /// <summary>A module that does 4 MiB a call is only waited for on machines up to this size, in bytes.</summary>
    private const ulong SmallMachine = 4 * Sizes.Page1G;

    /// <summary>
    /// A failure behind TDH.SYS.CONFIG makes a kernel convert all PAMTs back, 64 bytes at a time: mostly machines up
    /// to this size have one, or nearly all time would go there.
    /// </summary>
    private const ulong QuicklyReset = 7 * Sizes.Page1G;

    private const int LateFailuresOfLarge = 2048;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly int[] CpuCounts = [1, 2, 2, 4, 4];
    private static readonly PamtPlacement[] OtherPlacements =
        [PamtPlacement.TopDown, PamtPlacement.BottomUp, PamtPlacement.Adversarial, PamtPlacement.Adversarial];
    private static readonly MissingFeatures[] Gaps =
        [MissingFeatures.Xsave, MissingFeatures.Movdir64B, MissingFeatures.SelfSnoop, MissingFeatures.Vmx,
            MissingFeatures.Vmx | MissingFeatures.Xsave];
    private static readonly int[] NotifierErrnos = [-Errno.Enomem, -Errno.Einval];
    private static readonly ulong[] EarlyLeaves =
        [SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd, SeamcallLeaf.SysConfig];
    private static readonly ulong[] LateLeaves = [SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysTdmrInit];

    private static readonly ulong[] FailingStatuses =
    [
        TdxStatus.RndNoEntropy, TdxStatus.RndNoEntropy, TdxStatus.SysBusy, TdxStatus.OperandBusy
            + (ulong)SeamcallOperand.Ket, TdxStatus.KeyGenerationFailed, TdxStatus.SysNotReady,
        TdxStatus.OperandInvalid, TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd,
        TdxStatus.SysConfigNotPending,
    ];
    // Those that module 1.5 has fields for; then what get_tdx_sys_info_td_conf() has room for, and one more.
    private static readonly ulong[] CpuidConfigs = [0, 2, 3, 32, 128, 129];
    private static readonly ushort[] FewTdmrs = [1, 2, 3, 4, 5, 8];
    private static readonly ushort[] ManyAreas = [27, 28, 29, 32];
    private static readonly ushort[] EntrySizes = [16, 16, 24, 32];
    private static readonly int[] EntropyFailures = [1, 1, 3, 9, 10, 12];
    private static readonly int[] Failures = [1, 1, 1, 100, 1_000_000];

    public static void Fill(ref SplitMix64 random, Scenario scenario, Strategy strategy)
    {
        FillChoices(ref random, scenario, strategy);
        if (random.Chance(strategy == Strategy.Realistic ? 2 : 8))
            FillLimits(ref random, scenario.Machine);

        if (random.Chance(45))
            FillFault(ref random, scenario);

        if (random.Chance(4))
            FillFault(ref random, scenario);
    }

    /// <summary>The same for a scenario that is about something else: few faults, and a module that needs one call a
    /// TDMR.</summary>
    public static void FillQuick(ref SplitMix64 random, Scenario scenario)
    {
        scenario.Choices.TdmrInitStep = 0;
        scenario.Choices.Placement = random.Chance(70)
            ? PamtPlacement.FirstFit
            : random.Pick<PamtPlacement>(OtherPlacements);
        scenario.Choices.PlacementBits = scenario.Choices.Placement == PamtPlacement.Adversarial ? random.Next() : 0;
        if (random.Chance(15))
            FillFault(ref random, scenario);
    }

    /// <summary>What only kernels ask that initialise TDX during boot: features of CPUs and of the module.</summary>
    public static void FillFeatures(ref SplitMix64 random, Scenario scenario)
    {
        scenario.Choices.SeamretInvalidatesVmcs = random.Chance(25);
        scenario.Choices.KvmHoldsVmx = random.Chance(40);
        if (random.Chance(3))
            scenario.Choices.Missing = random.Pick<MissingFeatures>(Gaps);

        if (random.Chance(2))
            scenario.Machine.Features0 = MetadataField.Features0OfModule15 & ~MetadataField.FeatureNoRbpMod;

        if (random.Chance(4))
            scenario.Machine.CpuidConfigs = random.Pick<ulong>(CpuidConfigs);
    }

    private static void FillChoices(ref SplitMix64 random, Scenario scenario, Strategy strategy)
    {
        var choices = scenario.Choices;
        choices.TdmrInitStep = BytesOf(scenario.Machine) <= SmallMachine && random.Chance(4) ? Sizes.Mib4 : 0;
        choices.Cpus = random.Pick<int>(CpuCounts);
        choices.CpusPerPackage = choices.Cpus == 1 ? 1 : random.Pick<int>([1, 2, choices.Cpus]);
        choices.OfflineCpus = random.Chance(2) ? random.Between(1, choices.CpusPerPackage) : 0;
        choices.PartialWriteErratum = random.Chance(70);
        choices.TdmrInitStalls = random.Chance(3);
        choices.Placement = random.Chance(strategy == Strategy.Realistic ? 80 : 45)
            ? PamtPlacement.FirstFit
            : random.Pick<PamtPlacement>(OtherPlacements);
        choices.PlacementBits = choices.Placement == PamtPlacement.Adversarial ? random.Next() : 0;
    }

    /// <summary>A module with other limits than every published one: few TDMRs or areas; larger PAMT entries; or
    /// more areas than fit into a TDMR_INFO of 512 bytes, where the machine needs no more than the simulated module
    /// reads.</summary>
    private static void FillLimits(ref SplitMix64 random, Machine machine)
    {
        const int Few = 6;
        var limits = ModuleLimits.Usual;
        var isPlain = machine.E820.Count + machine.MemblockCalls.Count <= Few;
        machine.Limits = random.Below(4) switch
        {
            0 => limits with { MaxTdmrs = random.Pick<ushort>(FewTdmrs) },
            1 => limits with { MaxReservedPerTdmr = (ushort)random.Between(1, Few) },
            2 => limits with
            {
                Pamt4KEntrySize = random.Pick<ushort>(EntrySizes),
                Pamt2MEntrySize = random.Pick<ushort>(EntrySizes),
                Pamt1GEntrySize = random.Pick<ushort>(EntrySizes),
            },
            _ => isPlain ? limits with { MaxReservedPerTdmr = random.Pick<ushort>(ManyAreas) } : limits,
        };
    }

    private static ulong BytesOf(Machine machine)
    {
        ulong bytes = 0;
        foreach (var entry in machine.E820)
            bytes += entry.Size;

        foreach (var call in machine.MemblockCalls)
            bytes += call.Kind == MemblockCallKind.MarkKhoScratch ? 0 : call.Size;

        return bytes;
    }

    /// <summary>What TDMRs cover is about the memory and a quarter of a GiB at the ends of each piece, holes of
    /// firmware aside.</summary>
    private static bool IsQuicklyReset(Machine machine) =>
        BytesOf(machine) + ((ulong)machine.MemblockCalls.Count * Sizes.Page1G / 4) <= QuicklyReset;

    /// <summary>A kmalloc() behind TDH.SYS.CONFIG is the last of all: behind the memlist entries and the
    /// array.</summary>
    private static int LastKmalloc(Machine machine)
    {
        var ram = machine.MemblockCalls.Count / 2;
        foreach (var entry in machine.E820)
            ram += entry.Type == E820Type.Ram ? 1 : 0;

        return Math.Max(1, ram);
    }

    private static void FillFault(ref SplitMix64 random, Scenario scenario)
    {
        var faults = scenario.Faults;
        switch (random.Below(100))
        {
            case < 16:
                faults.FailingKmalloc = random.Between(1, IsQuicklyReset(scenario.Machine)
                    ? scenario.Machine.E820.Count + scenario.Machine.MemblockCalls.Count + 3
                    : LastKmalloc(scenario.Machine));
                break;
            case < 30:
                faults.FailingContig = random.Between(1, 4);
                break;
            case < 36:
                faults.FailingPagesExact = 1;
                break;
            case < 40:
                faults.HibernationAvailable = true;
                break;
            case < 44:
                faults.NotifierRegistrationErrno = random.Pick<int>(NotifierErrnos);
                break;
            default:
                FillSeamcall(ref random, scenario);
                break;
        }
    }

    private static void FillSeamcall(ref SplitMix64 random, Scenario scenario)
    {
        var isLate = IsQuicklyReset(scenario.Machine) ? random.Chance(90) : random.Below(LateFailuresOfLarge) == 0;
        var leaf = random.Pick<ulong>(isLate ? LateLeaves : EarlyLeaves);
        var status = random.Pick<ulong>(FailingStatuses);
        var times = status == TdxStatus.RndNoEntropy ? random.Pick<int>(EntropyFailures) : random.Pick<int>(Failures);
        scenario.Faults.Seamcalls.Add(
            new SeamcallFault(leaf, random.Between(1, leaf == SeamcallLeaf.SysRd ? 5 : 3), times, status));
    }
}
