// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>
/// Small machines for sequences of hotplug: a few blocks of boot memory with edges of nodes, flags and holes inside
/// blocks, and a window behind it, partly convertible, where memory may appear:
///
///     0  1M   node 0 | node 1  hole     low end        4G  more   window: CMR | CXL
///     # .#####.######.######.. .#####                   ####      .............
/// </summary>
internal static class SequenceMachines
{
    /// <summary>The least memory block.</summary>
    public const ulong Block = 128 * Sizes.Mib;

    private const ulong LowRamEnd = 0x9f000;
    private const ulong WindowSize = 4 * Sizes.Page1G;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly ulong[] LowEnds = [0x40000000, 0x60000000, 0x7ffe0000, 0x80000000, 0x48000000];
    private static readonly ulong[] HighSizes =
        [Block, 512 * Sizes.Mib, Sizes.Page1G, Sizes.Page1G + (64 * Sizes.Mib)];
    private static readonly ulong[] HoleSizes = [Sizes.Page4K, Sizes.Mib, 16 * Sizes.Mib, Block];
    private static readonly ulong[] Alignments = [Sizes.Page4K, Sizes.Page2M, 64 * Sizes.Mib, Block, Block];
    private static readonly string[] Words =
    [
        "", "", "", "", "movable_node", "kernelcore=512M", "movablecore=300M", "kernelcore=60%",
        "memory_hotplug.memmap_on_memory=1", "memory_hotplug.memmap_on_memory=1",
        "memhp_default_state=online", "memhp_default_state=online_kernel", "memhp_default_state=online_movable",
        "memory_hotplug.online_policy=auto-movable",
        "memory_hotplug.memmap_on_memory=1 memhp_default_state=online_movable",
    ];

    // Kept, because an options record a case costs an allocation a time.
    private static readonly BootOptions[] Plain =
        [.. Words.Select(static w => BootOptions.None with { HotplugWords = w })];
    private static readonly BootOptions[] Mirrored = [.. Plain.Select(static o => o with { KernelcoreMirror = true })];

    /// <summary>First byte behind boot memory where a scenario adds memory.</summary>
    public static ulong WindowOf(Machine machine)
    {
        ulong end = Sizes.Gib4;
        foreach (var entry in machine.E820)
            end = Math.Max(end, entry.Type == E820Type.Ram ? entry.End : 0);

        return Pages.AlignUp(end, Sizes.Page1G);
    }

    public static void Fill(ref SplitMix64 random, Scenario scenario)
    {
        var machine = scenario.Machine;
        var lowEnd = random.Pick<ulong>(LowEnds);
        machine.E820.Add(new E820Entry(0, LowRamEnd, E820Type.Ram));
        machine.E820.Add(new E820Entry(LowRamEnd, Sizes.Mib - LowRamEnd, E820Type.Reserved));
        FillLow(ref random, machine, lowEnd);
        machine.Cmrs.Add(new Cmr(Sizes.Mib, lowEnd - Sizes.Mib));
        var nodes = random.Between(1, 3);
        FillNodes(ref random, machine, nodes, lowEnd);
        if (random.Chance(60))
        {
            var size = random.Chance(3) ? 66 * Sizes.Page1G : random.Pick<ulong>(HighSizes);
            machine.E820.Add(new E820Entry(Sizes.Gib4, size, E820Type.Ram));
            machine.Srat.Add(new SratEntry(nodes - 1, nodes - 1, Sizes.Gib4, Sizes.Gib4 + size, false, false));
            machine.Cmrs.Add(new Cmr(Sizes.Gib4, size));
            scenario.Choices.RunsUnderHypervisor = random.Chance(50);
        }

        FillWindow(ref random, machine, nodes);
        machine.KeyIds = random.Chance(97) ? KeyIdPartition.Usual : new KeyIdPartition(31, 1);
        var isMirrored = random.Chance(14);
        machine.Options = random.Pick<BootOptions>(isMirrored ? Mirrored : Plain);
        if (isMirrored)
        {
            // Mirrored to somewhere below 4 GiB, or to somewhere above.
            var high = machine.E820[^1];
            var isHigh = high.Address >= Sizes.Gib4 && random.Chance(40);
            machine.Mirrored.Add(
                AddressRange.OfSize(
                    0, isHigh ? high.Address + Edge(ref random, high.Size) : Edge(ref random, lowEnd)));
            if (high.Address >= Sizes.Gib4 && !isHigh && random.Chance(50))
            {
                // An island behind memory of the same node that is not mirrored.
                var island =
                    AddressRange.OfSize(
                        high.Address + Edge(ref random, high.Size / 2), Edge(ref random, high.Size / 2));
                if (island.Size > 0)
                    machine.Mirrored.Add(island);
            }
        }
    }

    private static void FillLow(ref SplitMix64 random, Machine machine, ulong lowEnd)
    {
        var at = Sizes.Mib;
        for (var holes = random.Below(3); holes > 0; holes--)
        {
            var hole = at + Edge(ref random, (lowEnd - at) / 2);
            var end = hole + random.Pick<ulong>(HoleSizes);
            if (hole > at && end < lowEnd)
            {
                machine.E820.Add(new E820Entry(at, hole - at, E820Type.Ram));
                machine.E820.Add(new E820Entry(hole, end - hole, E820Type.Reserved));
                at = end;
            }
        }

        machine.E820.Add(new E820Entry(at, lowEnd - at, E820Type.Ram));
    }

    private static void FillNodes(ref SplitMix64 random, Machine machine, int nodes, ulong lowEnd)
    {
        ulong at = 0;
        for (var nid = 0; nid < nodes; nid++)
        {
            var end = nid == nodes - 1 ? lowEnd : at + Math.Max(Sizes.Page2M, Edge(ref random, (lowEnd - at) / 2));
            machine.Srat.Add(new SratEntry(nid, nid, at, end, false, false));
            at = end;
        }
    }

    /// <summary>Convertible to its middle, to its end, or not at all.</summary>
    private static void FillWindow(ref SplitMix64 random, Machine machine, int nodes)
    {
        var start = WindowOf(machine);
        machine.Srat.Add(new SratEntry(nodes, nodes, start, start + WindowSize, true, false));
        var convertible = random.Below(3) switch { 0 => 0UL, 1 => WindowSize / 2, _ => WindowSize };
        if (convertible > 0)
            machine.Cmrs.Add(new Cmr(start, convertible));
    }

    private static ulong Edge(ref SplitMix64 random, ulong below)
    {
        var alignment = random.Pick<ulong>(Alignments);
        return Pages.AlignDown(random.Below(below), alignment);
    }
}
