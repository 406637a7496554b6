// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Bench.Combinators;

/// <summary>The faults and choices of EnvironmentGenerator out of combinators.</summary>
internal static class EnvironmentGen
{
    private static readonly Gen<PamtPlacement> OtherPlacements =
        Gen.Elements(
            PamtPlacement.TopDown, PamtPlacement.BottomUp, PamtPlacement.Adversarial, PamtPlacement.Adversarial);

    private static readonly Gen<ulong> Leaves = Gen.Elements(
        SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd, SeamcallLeaf.SysConfig,
        SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysKeyConfig,
        SeamcallLeaf.SysTdmrInit, SeamcallLeaf.SysTdmrInit, SeamcallLeaf.SysTdmrInit);

    private static readonly Gen<ulong> Statuses = Gen.Elements(
        TdxStatus.RndNoEntropy, TdxStatus.RndNoEntropy, TdxStatus.SysBusy, TdxStatus.OperandBusy
            + (ulong)SeamcallOperand.Ket, TdxStatus.KeyGenerationFailed, TdxStatus.SysNotReady,
        TdxStatus.OperandInvalid, TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd,
            TdxStatus.SysConfigNotPending);

    private static readonly Gen<SeamcallFault> Scripted =
        from leaf in Leaves
        from status in Statuses
        from times in status == TdxStatus.RndNoEntropy ? Gen.Elements(1, 1, 3, 9, 10, 12) : Gen.Elements(1, 1, 1, 100)
        from nth in Gen.Choose(1, leaf == SeamcallLeaf.SysRd ? 5 : 3)
        select new SeamcallFault(leaf, nth, times, status);

    public static Gen<Choices> ChoicesFor(Machine machine, Strategy strategy) =>
        from step in IsSmall(machine)
            ? Draw.Sometimes(4, Gen.Constant(Sizes.Mib4), Gen.Constant(0UL))
            : Gen.Constant(0UL)
        from cpus in Gen.Elements(1, 2, 2, 4, 4)
        from perPackage in cpus == 1 ? Gen.Constant(1) : Gen.Elements(1, 2, cpus)
        from erratum in Draw.Chance(70)
        from stalls in Draw.Chance(2)
        from placement in Draw.Sometimes(
            strategy == Strategy.Realistic ? 80 : 45, Gen.Constant(PamtPlacement.FirstFit), OtherPlacements)
        from bits in placement == PamtPlacement.Adversarial ? Draw.Bits : Gen.Constant(0UL)
        select new Choices
        {
            TdmrInitStep = step,
            Cpus = cpus,
            CpusPerPackage = perPackage,
            PartialWriteErratum = erratum,
            TdmrInitStalls = stalls,
            Placement = placement,
            PlacementBits = bits,
        };

    public static Gen<Faults> FaultsFor(Machine machine) =>
        from first in Draw.Chance(45)
        from second in Draw.Chance(4)
        from causes in Cause(machine).ListOf((first ? 1 : 0) + (second ? 1 : 0))
        select Put(causes);

    private static Faults Put(List<Action<Faults>> causes)
    {
        var faults = new Faults();
        causes.ForEach(cause => cause(faults));
        return faults;
    }

    private static Gen<Action<Faults>> Cause(Machine machine) => Gen.Frequency(
        (16, Gen.Choose(1, machine.E820.Count + machine.MemblockCalls.Count + 3)
            .Select(static nth => (Action<Faults>)(f => f.FailingKmalloc = nth))),
        (14, Gen.Choose(1, 4).Select(static nth => (Action<Faults>)(f => f.FailingContig = nth))),
        (6, Gen.Constant<Action<Faults>>(static f => f.FailingPagesExact = 1)),
        (4, Gen.Constant<Action<Faults>>(static f => f.HibernationAvailable = true)),
        (4, Gen.Elements(-Errno.Enomem, -Errno.Einval)
            .Select(static errno => (Action<Faults>)(f => f.NotifierRegistrationErrno = errno))),
        (56, Scripted.Select(static call => (Action<Faults>)(f => f.Seamcalls.Add(call)))));

    private static bool IsSmall(Machine machine) =>
        machine.E820.Aggregate(0UL, static (sum, e) => sum + e.Size)
            + machine.MemblockCalls.Aggregate(0UL, static (sum, c) => sum + c.Size) <= 4 * Sizes.Page1G;
}
