// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.KernelLog;
using TdxVerify.Core.Platform;
using TdxVerify.Core.Seamcall;

namespace TdxVerify.Tests.Unit;

/// <summary>A valid scenario made of a seed: all that a scenario file can say, and nothing that it can't.</summary>
internal sealed class RandomScenario(int seed)
{
    private static readonly E820Type[] Types =
    [
        E820Type.Ram, E820Type.Ram, E820Type.Reserved, E820Type.Acpi, E820Type.Nvs, E820Type.Unusable, E820Type.Pmem, E820Type.Pram,
        E820Type.SoftReserved, (E820Type)9, (E820Type)20, (E820Type)0x7fffffff,
    ];

    private readonly Random _random = new(seed);
    private readonly Scenario _scenario = new();

    public Scenario Build()
    {
        FillMachine(_scenario.Machine);
        FillOptions(_scenario.Machine);
        FillRanges(_scenario.Observed);
        FillMessages(_scenario.Observed);
        FillRest();
        _scenario.Observed.MentionsTdx |= _scenario.Machine.KeyIds is not null || _scenario.Machine.Cmrs.Count > 0;
        return _scenario;
    }

    private bool Chance(int percent) => _random.Next(100) < percent;

    private int Few => Chance(50) ? 0 : _random.Next(1, 5);

    private T Pick<T>(params T[] items) => items[_random.Next(items.Length)];

    private ulong Number => (ulong)_random.NextInt64() >> _random.Next(63);

    private int Node => Chance(80) ? _random.Next(4) : _random.Next(PfnRange.MaxNumnodes);

    // Not empty; sometimes byte-granular, sometimes up to the top.
    private AddressRange Range()
    {
        var start = Chance(50) ? Number : Number & ~0xfffUL;
        var end = Chance(5) ? ulong.MaxValue : start + 1 + (Number >> 1);
        return new AddressRange(start, end);
    }

    private void FillMachine(Machine machine)
    {
        var hasMap = Chance(80);
        for (var i = hasMap ? _random.Next(1, 6) : 0; i > 0; i--)
        {
            var range = Range();
            machine.E820.Add(new E820Entry(range.Start, range.Size, Pick(Types)));
        }

        for (var i = hasMap ? Few : _random.Next(1, 6); i > 0; i--)
        {
            var nid = Pick(PfnRange.MaxNumnodes, PfnRange.NoNode, Node);
            machine.MemblockCalls.Add(new MemblockCall((MemblockCallKind)_random.Next((int)MemblockCallKind.MarkKhoScratch + 1), Number, Number, nid, Chance(50) ? 0 : (MemblockFlags)Number));
        }

        for (var i = Few; i > 0; i--)
        {
            machine.E820Changes.Add(Change(Range()));
        }

        for (var i = Few; i > 0; i--)
        {
            var range = Range();
            machine.Srat.Add(new SratEntry(Node, _random.Next(1 << 20), range.Start, range.End, Chance(30), Chance(20)));
        }

        for (var i = Chance(10) ? Cmr.MaxSlots : Few; i > 0; i--)
        {
            var range = Range();
            machine.Cmrs.Add(new Cmr(range.Start, range.Size));
        }

        for (var i = Few; i > 0; i--)
        {
            machine.Mirrored.Add(Range());
            machine.HotpluggableMemory.Add(new NamedRange(Range(), Pick("CXL Window 0", "System RAM (kmem)", "dax0.0")));
        }
    }

    private E820Change Change(AddressRange range)
    {
        if (Chance(40))
        {
            return new E820Change(E820ChangeKind.Remove, range.Start, range.Size, Chance(50) ? E820Type.None : Pick(Types), E820Type.None);
        }

        // "usable ==> usable" is how the kernel prints setup_data.
        var from = Pick(Types);
        var to = Pick(Types);
        return new E820Change(E820ChangeKind.Update, range.Start, range.Size, from, from == E820Type.Ram && to == E820Type.Ram ? E820Type.ReservedKern : to);
    }

    private void FillOptions(Machine machine)
    {
        machine.KernelRelease = Chance(50) ? "6.8.0-1004-intel" : null;
        machine.KeyIds = Chance(50) ? new KeyIdPartition((uint)_random.Next(1 << 15), (uint)_random.Next(1 << 15)) : null;
        machine.Module = Chance(30) ? new ModuleVersion(_random.Next(3), _random.Next(10)) : null;
        machine.Features0 = Chance(30) ? Number : null;
        machine.CpuidConfigs = Chance(30) ? Number & 0xffff : null;
        machine.Limits = Chance(70) ? ModuleLimits.Usual : new ModuleLimits(Limit(), Limit(), Limit(), Limit(), Limit());
        var words = Pick("", "", "mem=4G", "mem=4G memmap=4K$0x64158000,1G@0x100000000", "memmap=exactmap memmap=640K@0");
        machine.Options = new BootOptions(Chance(20), Chance(20), Pick(null, null, "4", "2U", "512M"), Chance(20), words)
        {
            HotplugWords = Pick("", "", "movable_node", "kernelcore=512M memory_hotplug.memmap_on_memory=1", "memhp_default_state=online_movable"),
        };
    }

    private ushort Limit() => (ushort)_random.Next(ushort.MaxValue + 1);

    private void FillRanges(Observed observed)
    {
        observed.LastPfn = Chance(50) ? 1 + (Number >> 16) : 0;
        observed.MemoryBlockSize = Chance(50) ? Sizes.Mib << _random.Next(12) : 0;
        for (var i = Few; i > 0; i--)
        {
            observed.MemblockMemory.Add(new MemblockRegion(Range(), Pick(PfnRange.MaxNumnodes, Node), (MemblockFlags)(uint)Number));
        }

        for (var i = Few; i > 0; i--)
        {
            var start = Number >> 24;
            observed.EarlyRanges.Add(new PfnRange(start, start + 1 + (Number >> 24), Node));
        }

        // Ranges of whole blocks, with a block between them.
        var block = observed.MemoryBlockSize >> Sizes.PageShift;
        var at = (ulong)_random.Next(100);
        for (var i = block == 0 ? 0 : Few; i > 0; i--)
        {
            var end = at + 1 + (ulong)_random.Next(3);
            observed.OnlineMemory.Add(new PfnRange(at * block, end * block, Node));
            at = end + 1;
        }
    }

    private void FillMessages(Observed observed)
    {
        var rows = KernelMessages.Table.Where(static r => r.Lacks is null && !IsGivenOrRemark(r.Line)).ToArray();
        for (var i = Few; i > 0; i--)
        {
            var line = Pick(rows).Print((ulong)_random.Next(), (ulong)_random.Next(), (ulong)_random.Next());
            observed.Add(KernelMessages.Read(line)!);
        }

        observed.MentionsTdx |= observed.Messages.Exists(static m => m.Line != KernelLine.OtherModuleLine);
    }

    private static bool IsGivenOrRemark(KernelLine line) =>
        line is KernelLine.BiosEnabled or KernelLine.Cmr or KernelLine.ModuleVersion or KernelLine.DisableS3
            or KernelLine.SeamcallRegistersLow or KernelLine.SeamcallRegistersHigh or KernelLine.TdmrsNearLimit
            or KernelLine.NoLocalNode or KernelLine.MemoryNotInCmr or KernelLine.NoPlatform or KernelLine.XsaveMissing
            or KernelLine.PackageNeedsCpu or KernelLine.DisableFailed or KernelLine.SeamldrFailed
            or KernelLine.Movdir64BMissing or KernelLine.SelfSnoopMissing or KernelLine.NoRbpModMissing;

    private void FillRest()
    {
        _scenario.Profile = Pick(null, "v6.12", "mainline");
        _scenario.Property = Pick(null, null, "L3");
        for (var i = Few; i > 0; i--)
        {
            _scenario.Steps.Add(Pick(
                Step.Enable,
                Step.OnMemory(StepKind.AddMemory, Number, Number, Node),
                Step.GoingOnline(Number, Number),
                Step.At(StepKind.MachineCheck, Number),
                Step.Numbered(Pick(StepKind.CpuOnline, StepKind.CpuOffline, StepKind.KeyIdFree), _random.Next(8192)),
                Step.Alone(Pick(StepKind.KeyIdAlloc, StepKind.Suspend, StepKind.Shutdown, StepKind.Kexec, StepKind.Crash)),
                Step.ModuleUpdate(Number, Pick(Enum.GetValues<ModuleImage>())),
                Step.OnMemory(Pick(StepKind.HotAdd, StepKind.HotAddManaged, StepKind.PlugDimm), Number, Number, Node),
                Step.OnMemory(Pick(StepKind.HotRemove, StepKind.OfflineAndRemove), Number, Number),
                Step.Online(Number, Pick(OnlineType.Online, OnlineType.OnlineKernel, OnlineType.OnlineMovable)),
                Step.At(Pick(StepKind.BlockOffline, StepKind.UnplugDimm), Number),
                Step.AutoOnline((OnlineType)_random.Next(4)),
                Step.GuestPolicy(Pick(StepKind.GuestPolicy, StepKind.GuestVmaPolicy), Number, _random.Next(2) != 0),
                Step.GuestPage));
        }

        for (var i = Few; i > 0; i--)
        {
            _scenario.Choices.Pinned.Add(new PinnedBlock(Number, Pick(Isolation.Unmovable, Isolation.Stuck, Isolation.Interrupted)));
        }

        _scenario.Choices.RunsUnderHypervisor = Chance(20);

        var faults = _scenario.Faults;
        faults.FailingKmalloc = Few;
        faults.FailingContig = Few;
        faults.FailingPagesExact = Few;
        faults.HibernationAvailable = Chance(10);
        faults.NotifierRegistrationErrno = -Few;
        for (var i = Few; i > 0; i--)
        {
            var leaf = Chance(20) ? SeamcallLeaf.SeamldrInstall : (ulong)_random.Next(70);
            faults.Seamcalls.Add(new SeamcallFault(leaf, 1 + Few, 1 + Few, Number));
        }

        faults.FailingVmxon = Few;
        faults.VmxonErrno = faults.FailingVmxon == 0 ? 0 : -1 - Few;

        var choices = _scenario.Choices;
        choices.Cpus = Chance(50) ? 1 : _random.Next(1, 8193);
        choices.CpusPerPackage = Chance(50) ? 1 : _random.Next(1, 8193);
        choices.TdmrInitStep = Chance(70) ? Sizes.Mib4 : Number;
        choices.PartialWriteErratum = Chance(70);
        for (var i = Few; i > 0; i--)
        {
            choices.Placement = PamtPlacement.Recorded;
            choices.RecordedPamts.Add(Chance(30) ? null : Number);
        }

        choices.KvmHoldsVmx = Chance(20);
        choices.TdmrInitStalls = Chance(20);
        choices.Placement = Chance(50) ? choices.Placement : Pick(Enum.GetValues<PamtPlacement>());
        choices.PlacementBits = choices.Placement == PamtPlacement.Adversarial ? Number : 0;
    }
}
