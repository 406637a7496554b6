// SPDX-License-Identifier: MIT

using System.Globalization;

namespace TdxVerify.Properties.Generation;

/// <summary>
/// Cases for a kernel that runs: machines that qemu can make and that are small enough to boot in a moment, and steps
/// that files and DIMMs of a running kernel offer.
///
///     0   32M  kernel   nodes, split anywhere; holes by memmap=   low end   4G   more   window for DIMMs
///     ######################.#######|############..######|######## ....     ######.......................
/// </summary>
public sealed class BootableCases
{
    /// <summary>Behind the kernel's image, wherever it is put.</summary>
    private const ulong FirstHole = 64 * Sizes.Mib;

    /// <summary>In front of the end of low memory, where the boot loader puts the first file system.</summary>
    private const ulong LastHole = 64 * Sizes.Mib;

    private const int MostHoles = 4;

    private static readonly ulong[] Totals =
    [
        Sizes.Page1G, Sizes.Page1G + (512 * Sizes.Mib), 2 * Sizes.Page1G, 2 * Sizes.Page1G + (512 * Sizes.Mib),
        3 * Sizes.Page1G, 4 * Sizes.Page1G,
    ];
    private static readonly ulong[] Alignments =
        [Sizes.Page4K, Sizes.Page2M, 64 * Sizes.Mib, SequenceMachines.Block, SequenceMachines.Block];
    private static readonly ulong[] HoleSizes =
        [Sizes.Page4K, 16 * Sizes.Page4K, Sizes.Mib, 16 * Sizes.Mib, SequenceMachines.Block];
    private static readonly string[] Words =
    [
        "memhp_default_state=offline", "memhp_default_state=offline", "memhp_default_state=online",
        "memhp_default_state=online_movable", "memhp_default_state=online_kernel",
        "memhp_default_state=offline movable_node", "memhp_default_state=offline movablecore=300M",
        "memhp_default_state=offline kernelcore=512M",
        "memhp_default_state=offline memory_hotplug.memmap_on_memory=1",
    ];
    private static readonly ulong[] Leaves =
    [
        SeamcallLeaf.SysInit, SeamcallLeaf.SysLpInit, SeamcallLeaf.SysRd, SeamcallLeaf.SysConfig,
        SeamcallLeaf.SysKeyConfig, SeamcallLeaf.SysTdmrInit,
    ];
    private static readonly ulong[] Statuses =
    [
        TdxStatus.RndNoEntropy, TdxStatus.SysBusy, TdxStatus.OperandInvalid, TdxStatus.SysNotReady,
        TdxStatus.SeamcallVmFailInvalid, TdxStatus.SeamcallGp, TdxStatus.SeamcallUd,
    ];
    private static readonly ulong[] InitSteps = [0, 0, SequenceMachines.Block, 64 * Sizes.Mib];

    private readonly SequenceGenerator _sequences = new();
    private readonly LifeGenerator _life = new();

    /// <summary>The kernel can initialise TDX.</summary>
    public bool HasTdx { get; init; }

    /// <summary>What kind of boots the kernel has.</summary>
    public KernelTraits Traits { get; init; }

    /// <summary>Steps of a case, besides the enabling of TDX.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Refills a scenario with a layout of memory: DIMMs come before TDX is enabled and behind it, and go
    /// online.</summary>
    public void FillLayout(Scenario scenario, ulong seed, ulong index)
    {
        var random = new SplitMix64(SplitMix64.Number(seed, index));
        FillMachine(ref random, scenario);
        var window = SequenceMachines.WindowOf(scenario.Machine);
        var node = scenario.Machine.Srat[^1].Nid;
        if (HasTdx && (Traits & KernelTraits.EnablesDuringBoot) != 0)
            scenario.Steps.Add(Step.Enable);

        AddDimm(ref random, scenario, window, node);
        if (HasTdx && (Traits & KernelTraits.EnablesDuringBoot) == 0)
            scenario.Steps.Add(Step.Enable);

        AddDimm(ref random, scenario, window + Sizes.Page1G, node);
        scenario.Steps.Add(Step.Offline(SequenceMachines.Block * 2));
        scenario.Steps.Add(Step.Online(SequenceMachines.Block * 2, OnlineType.Online));
    }

    /// <summary>Refills a scenario with a sequence of hotplug.</summary>
    public void FillSequence(Scenario scenario, ulong seed, ulong index)
    {
        var random = new SplitMix64(SplitMix64.Number(seed, index));
        FillMachine(ref random, scenario);
        var isInitcall = (Traits & KernelTraits.EnablesDuringBoot) != 0;
        _sequences.FillForGuest(ref random, scenario, Steps, HasTdx && !isInitcall && random.Chance(90));
        if (!HasTdx || !isInitcall)
            return;

        if (scenario.Choices.Cpus > 1)
            AddCpus(ref random, scenario.Steps);

        scenario.Steps.Insert(0, Step.Enable);
        if (random.Chance(30))
            _life.FillForGuest(ref random, scenario);
    }

    private static void AddDimm(ref SplitMix64 random, Scenario scenario, ulong at, int node)
    {
        var size = SequenceMachines.Block * (ulong)random.Between(1, 4);
        scenario.Steps.Add(Step.OnMemory(StepKind.PlugDimm, at, size, random.Below(node + 1)));
        scenario.Steps.Add(Step.Online(at, random.Chance(50) ? OnlineType.Online : OnlineType.OnlineMovable));
    }

    /// <summary>The second CPU leaves and comes back, once or twice, amid other steps.</summary>
    private static void AddCpus(ref SplitMix64 random, List<Step> steps)
    {
        var at = 0;
        for (var more = random.Between(1, 4); more > 0; more--)
        {
            at = random.Between(at, steps.Count);
            var kind = (more & 1) == 0 ? StepKind.CpuOnline : StepKind.CpuOffline;
            steps.Insert(at++, Step.Numbered(kind, 1));
        }
    }

    private void FillMachine(ref SplitMix64 random, Scenario scenario)
    {
        scenario.Clear();
        var machine = scenario.Machine;
        var total = random.Pick<ulong>(Totals);
        QemuFirmware.Fill(machine, Split(ref random, total));
        var low = QemuFirmware.LowEnd(total);
        machine.Options = BootOptions.None with
        {
            MemoryWords = Holes(ref random, low),
            HotplugWords = random.Pick<string>(Words),
        };
        scenario.Choices.RunsUnderHypervisor = true;
        scenario.Choices.PartialWriteErratum = false;
        if (!HasTdx)
            return;

        machine.KeyIds = KeyIdPartition.Usual;
        machine.Cmrs.Add(new Cmr(Sizes.Mib, low - Sizes.Mib));
        machine.Cmrs.Add(new Cmr(Sizes.Gib4, total - low + Sizes.Page1G + QemuFirmware.Window));
        scenario.Choices.TdmrInitStep = random.Pick<ulong>(InitSteps);
        if (random.Chance(25))
        {
            scenario.Choices.Cpus = 2;
            scenario.Choices.CpusPerPackage = random.Between(1, 2);
        }

        FillTrouble(ref random, scenario);
    }

    /// <summary>Nodes one behind the other; now and then one without memory.</summary>
    private static ulong[] Split(ref SplitMix64 random, ulong total)
    {
        var count = random.Between(1, 4);
        var nodes = new ulong[count];
        var rest = total;
        for (var nid = 0; nid < count - 1; nid++)
        {
            var share = Pages.AlignDown(random.Below(rest / 2), random.Pick<ulong>(Alignments));
            nodes[nid] = Math.Max(share, nid == 0 ? 128 * Sizes.Mib : Sizes.Page2M);
            rest -= nodes[nid];
        }

        nodes[^1] = rest;
        if (count > 1 && random.Chance(10))
            (nodes[^1], nodes[0]) = (0, nodes[0] + rest);

        return nodes;
    }

    private static string Holes(ref SplitMix64 random, ulong low)
    {
        var words = new List<string>();
        for (var more = random.Between(0, MostHoles); more > 0; more--)
        {
            var size = random.Pick<ulong>(HoleSizes);
            var at = FirstHole + random.Below(low - FirstHole - LastHole - size);
            at = Pages.AlignDown(at, random.Pick<ulong>(Alignments));
            words.Add(string.Create(
                CultureInfo.InvariantCulture, $"memmap={size >> 10}K$0x{Math.Max(at, FirstHole):x}"));
        }

        return string.Join(' ', words);
    }

    private static void FillTrouble(ref SplitMix64 random, Scenario scenario)
    {
        if (random.Chance(10))
        {
            scenario.Machine.Limits = scenario.Machine.Limits with
            {
                MaxTdmrs = (ushort)random.Between(1, 4),
                MaxReservedPerTdmr = (ushort)random.Between(2, 6),
            };
        }

        if (random.Chance(20))
        {
            var leaf = random.Pick<ulong>(Leaves);
            var times = random.Chance(50) ? random.Between(1, 12) : 1_000_000;
            scenario.Faults.Seamcalls.Add(
                new SeamcallFault(leaf, random.Between(1, 3), times, random.Pick<ulong>(Statuses)));
        }
        else if (random.Chance(8))
        {
            scenario.Faults.FailingContig = random.Between(1, 3);
        }
        else if (random.Chance(8))
        {
            // Every node has an entry of the list, and the array of addresses comes behind them.
            scenario.Faults.FailingKmalloc = random.Between(1, QemuFirmware.NodesOf(scenario.Machine).Count(
                static bytes => bytes > 0) + 1);
        }
    }
}
