// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>What happens to a kernel that has initialised TDX during boot: CPUs come and go, guests take KeyIDs, the
/// machine sleeps, the module is replaced, and the kernel ends. It keeps account of CPUs and KeyIDs, so that most
/// steps are legal.</summary>
internal sealed class LifeGenerator
{
    private const int MaxSteps = 8;
    private const int Orders = 24;

    private static readonly int[] VmxonErrnos = [-Errno.Ebusy, -Errno.Efault];

    private static readonly ulong[] Leaves =
    [
        SeamcallLeaf.SeamldrInfo, SeamcallLeaf.SysRd, SeamcallLeaf.SysShutdown, SeamcallLeaf.SeamldrInstall,
        SeamcallLeaf.SeamldrInstall, SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysLpInit,
        SeamcallLeaf.SysUpdate, SeamcallLeaf.SysDisable,
    ];

    private static readonly ulong[] Statuses =
    [
        TdxStatus.RndNoEntropy, TdxStatus.SysBusy, TdxStatus.SysBusy, TdxStatus.InterruptedResumable,
        TdxStatus.SeamldrNoEntropy, TdxStatus.OperandInvalid, TdxStatus.SysStateIncorrect,
        TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd,
    ];

    private static readonly int[] Times = [1, 1, 1, 2, 9, 10, 1_000_000];

    private readonly List<int> _offline = [];
    private readonly List<uint> _keyIds = [];
    private int _cpus;
    private uint _firstKeyId;

    public void Fill(ref SplitMix64 random, Scenario scenario)
    {
        if (random.Chance(8))
            scenario.Machine.KeyIds = new KeyIdPartition(KeyIdPartition.Usual.MktmeKeyIds, (uint)random.Between(2, 3));

        Start(scenario);
        var steps = scenario.Steps;
        for (var more = random.Between(1, MaxSteps); more > 0; more--)
            steps.Insert(random.Chance(60) ? steps.Count : random.Between(Math.Min(1, steps.Count), steps.Count),
                Next(ref random));

        if (random.Chance(40))
            AddLast(ref random, scenario);

        if (random.Chance(6))
        {
            scenario.Faults.FailingVmxon = random.Between(1, _cpus + 4);
            scenario.Faults.VmxonErrno = random.Pick<int>(VmxonErrnos);
        }

        if (random.Chance(35))
            FillFault(ref random, scenario);

        if (random.Chance(6))
            scenario.Faults.FailingKmalloc = LastOfBoot(scenario.Machine) + random.Between(0, 3);
    }

    /// <summary>What can happen to a kernel that runs, amid other steps behind the enabling of TDX.</summary>
    public void FillForGuest(ref SplitMix64 random, Scenario scenario)
    {
        Start(scenario);
        for (var more = random.Between(1, 3); more > 0; more--)
            scenario.Steps.Insert(random.Between(1, scenario.Steps.Count), NextForGuest(ref random));

        if (random.Chance(35) && scenario.Faults.Seamcalls.Count == 0)
            FillFault(ref random, scenario);
    }

    /// <summary>About how many kmalloc() boot has made: entries of the list, the array and a mask.</summary>
    private static int LastOfBoot(Machine machine)
    {
        var ram = machine.MemblockCalls.Count;
        foreach (var entry in machine.E820)
            ram += entry.Type == E820Type.Ram ? 1 : 0;

        return ram + 2;
    }

    private void Start(Scenario scenario)
    {
        _cpus = scenario.Choices.Cpus + scenario.Choices.OfflineCpus;
        _offline.Clear();
        _keyIds.Clear();
        for (var cpu = scenario.Choices.Cpus; cpu < _cpus; cpu++)
            _offline.Add(cpu);

        _firstKeyId = (scenario.Machine.KeyIds ?? KeyIdPartition.Usual).FirstPrivate + 1;
    }

    private Step Next(ref SplitMix64 random)
    {
        switch (random.Below(100))
        {
            case < 26:
                return Offline(ref random);
            case < 46:
                return Online(ref random);
            case < 58:
                _keyIds.Add(_firstKeyId + (uint)_keyIds.Count);
                return Step.Alone(StepKind.KeyIdAlloc);
            case < 66:
                return Free(ref random);
            case < 74:
                return Step.Alone(StepKind.Suspend);
            default:
                return Update(ref random);
        }
    }

    private Step NextForGuest(ref SplitMix64 random)
    {
        if (random.Chance(60))
            return Update(ref random);

        if (random.Chance(40))
            return Free(ref random);

        _keyIds.Add(_firstKeyId + (uint)_keyIds.Count);
        return Step.Alone(StepKind.KeyIdAlloc);
    }

    private Step Offline(ref SplitMix64 random)
    {
        var cpu = random.Chance(97) && _cpus > 1 ? random.Between(1, _cpus - 1) : random.Between(0, _cpus);
        if (!_offline.Contains(cpu))
            _offline.Add(cpu);

        return Step.Numbered(StepKind.CpuOffline, cpu);
    }

    private Step Online(ref SplitMix64 random)
    {
        if (_offline.Count == 0)
            return Step.Numbered(StepKind.CpuOnline, random.Between(0, _cpus));

        var at = random.Below(_offline.Count);
        var cpu = _offline[at];
        _offline.RemoveAt(at);
        return Step.Numbered(StepKind.CpuOnline, cpu);
    }

    private Step Free(ref SplitMix64 random)
    {
        if (_keyIds.Count == 0)
            return Step.Numbered(StepKind.KeyIdFree, (int)_firstKeyId);

        var at = random.Below(_keyIds.Count);
        var keyId = _keyIds[at];
        _keyIds.RemoveAt(at);
        return Step.Numbered(StepKind.KeyIdFree, (int)keyId);
    }

    private static Step Update(ref SplitMix64 random)
    {
        var damage = random.Between(1, (int)ModuleImage.Largest);
        var image = random.Chance(85) ? ModuleImage.Whole : (ModuleImage)damage;
        var order = CpuSchedule.Number(random.Below(Orders));
        if (random.Chance(50))
        {
            order = CpuSchedule.Number(
                random.Below(Orders), random.Below(CpuSchedule.Places + 1), random.Below(CpuSchedule.Places + 1),
                random.Below(CpuSchedule.Places + 1));
        }

        return Step.ModuleUpdate(order, image);
    }

    /// <summary>Nearly every module that is current has TDH.SYS.DISABLE.</summary>
    private static void AddLast(ref SplitMix64 random, Scenario scenario)
    {
        scenario.Steps.Add(Step.Alone(random.Below(10) switch
        {
            < 3 => StepKind.Shutdown,
            < 8 => StepKind.Kexec,
            _ => StepKind.Crash,
        }));
        var features = scenario.Machine.Features0 ?? MetadataField.Features0OfModule15;
        if (random.Chance(90))
            scenario.Machine.Features0 = features | MetadataField.FeatureSysDisable;
    }

    /// <summary>What boot has called already is called again by an update, or by a CPU that comes back.</summary>
    private void FillFault(ref SplitMix64 random, Scenario scenario)
    {
        const int ReadsOfBoot = 21;
        const int ReadsOfUpdate = 4;
        var leaf = random.Pick<ulong>(Leaves);
        var nth = leaf switch
        {
            SeamcallLeaf.SysInit => 2,
            SeamcallLeaf.SysLpInit => random.Between(_cpus + 1, (2 * _cpus) + 1),
            SeamcallLeaf.SysRd => random.Between(ReadsOfBoot + 1, ReadsOfBoot + (2 * ReadsOfUpdate)),
            SeamcallLeaf.SeamldrInstall => random.Between(1, _cpus + 1),
            _ => random.Between(1, 2),
        };
        scenario.Faults.Seamcalls.Add(
            new SeamcallFault(leaf, nth, random.Pick<int>(Times), random.Pick<ulong>(Statuses)));

        // An update that was refused may be tried again.
        if (leaf is SeamcallLeaf.SysShutdown or SeamcallLeaf.SysRd && random.Chance(50))
        {
            scenario.Steps.Insert(1, Update(ref random));
            scenario.Steps.Insert(1, Update(ref random));
        }
    }
}
