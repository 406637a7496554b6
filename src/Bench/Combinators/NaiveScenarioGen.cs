// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;

namespace TdxVerify.Bench.Combinators;

/// <summary>Scenarios as somebody writes them who has FsCheck and the types, and no idea yet of what is worth trying:
/// sized lists of records whose fields are any.</summary>
public static class NaiveScenarioGen
{
    private const int Nodes = 4;
    private const int Size = 50;

    private static readonly Gen<ulong> Addresses = Gen.Choose(0, (1 << 24) - 1).Select(static n => (ulong)n << 12);
    private static readonly Gen<ulong> Lengths = Gen.Choose(1, 1 << 20).Select(static n => (ulong)n << 12);
    private static readonly Gen<int> AnyCount = ArbMap.Default.GeneratorFor<byte>().Select(static n => 1 + n);
    private static readonly Gen<bool> AnyBool = ArbMap.Default.GeneratorFor<bool>();

    private static readonly Gen<MemblockCall> Calls =
        from kind in Gen.Choose(0, (int)MemblockCallKind.Trim - 1)
        from address in Addresses
        from size in Lengths
        from nid in Gen.Choose(0, Nodes - 1)
        from flags in Gen.Elements(MemblockFlags.None, MemblockFlags.Mirror)
        select new MemblockCall((MemblockCallKind)kind, address, size, nid, flags);

    private static readonly Gen<Cmr> Cmrs =
        from address in Addresses
        from size in Lengths
        select new Cmr(address, size);

    private static readonly Gen<Step> Steps = Gen.OneOf(
        Gen.Constant(Step.Enable),
        from address in Addresses
        from size in Lengths
        from nid in Gen.Choose(0, Nodes - 1)
        select Step.OnMemory(StepKind.AddMemory, address, size, nid),
        from address in Addresses
        from size in Lengths
        select Step.GoingOnline(Pages.PfnDown(address), Pages.PfnDown(size)),
        Addresses.Select(static a => Step.At(StepKind.MachineCheck, a)));

    private static readonly Gen<SeamcallFault> SeamcallFaults =
        from leaf in Gen.Elements(
            SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd, SeamcallLeaf.SysConfig,
            SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysTdmrInit)
        from nth in AnyCount
        from times in AnyCount
        from status in Gen.Elements(
            TdxStatus.RndNoEntropy, TdxStatus.SysBusy, TdxStatus.OperandInvalid, TdxStatus.SeamcallGp,
            TdxStatus.SeamcallUd, TdxStatus.SeamcallVmFailInvalid)
        select new SeamcallFault(leaf, nth, times, status);

    private static readonly Gen<Action<Faults>> FaultChanges = Gen.OneOf(
        Gen.Constant<Action<Faults>>(static _ => { }),
        AnyCount.Select(static n => new Action<Faults>(f => f.FailingKmalloc = n)),
        AnyCount.Select(static n => new Action<Faults>(f => f.FailingContig = n)),
        Gen.Constant<Action<Faults>>(static f => f.FailingPagesExact = 1),
        Gen.Constant<Action<Faults>>(static f => f.HibernationAvailable = true),
        Gen.Constant<Action<Faults>>(static f => f.NotifierRegistrationErrno = -Errno.Enomem),
        SeamcallFaults.Select(static s => new Action<Faults>(f => f.Seamcalls.Add(s))));

    public static Gen<Scenario> All { get; } =
        from calls in Calls.NonEmptyListOf()
        from cmrs in Gen.OneOf(Gen.Constant<List<Cmr>>([new(0, Sizes.Page1G << 10)]), Cmrs.ListOf())
        from isMirrored in AnyBool
        from cpus in Gen.Choose(1, Nodes)
        from erratum in AnyBool
        from fault in FaultChanges
        from steps in Steps.NonEmptyListOf()
        select Put(calls, cmrs, isMirrored, cpus, erratum, fault, steps);

    /// <summary>Scenarios without end.</summary>
    public static IEnumerable<Scenario> Endless(ulong seed)
    {
        for (; ; seed++)
        {
            foreach (var scenario in All.Sample(1000, new Rnd(seed), Size))
                yield return scenario;
        }
    }

    private static Scenario Put(
        IEnumerable<MemblockCall> calls, IEnumerable<Cmr> cmrs, bool isMirrored, int cpus, bool erratum,
        Action<Faults> fault, IEnumerable<Step> steps)
    {
        var scenario = new Scenario();
        scenario.Machine.KeyIds = KeyIdPartition.Usual;
        scenario.Machine.Options = BootOptions.None with { KernelcoreMirror = isMirrored };
        scenario.Machine.MemblockCalls.AddRange(calls);
        scenario.Machine.Cmrs.AddRange(cmrs);
        scenario.Choices.Cpus = cpus;
        scenario.Choices.TdmrInitStep = 0;
        scenario.Choices.PartialWriteErratum = erratum;
        fault(scenario.Faults);
        scenario.Steps.AddRange(steps);
        return scenario;
    }
}
