// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>
/// Machines as firmware describes them, all from one description, so that e820, SRAT and CMRs meet:
///
///     0     640K 1M    holes of firmware      TOLUD     4G        node 0 |   node 1   |  CXL
///     ####...    ####.####.##..####.#####....            ################.############....####
/// </summary>
internal static class RealisticMachines
{
    private const ulong LowEnd = 0x9f000;
    private const int MaxHoles = 18;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly ulong[] LowMemoryEnds = [0x6f800000, 0x77800000, 0x78000000, 0x80000000, 0xbf000000];
    private static readonly int[] NodeCounts = [1, 1, 2, 2, 2, 4, 8];
    // What firmware forgets to name in its SRAT: up to 1 MiB of it is overlooked.
    private static readonly ulong[] Unnamed =
        [Sizes.Page4K, Sizes.Mib, Sizes.Mib + Sizes.Page4K, 2 * Sizes.Mib, 128 * Sizes.Mib];
    private static readonly E820Type[] HoleTypes = [E820Type.Reserved, E820Type.Acpi, E820Type.Nvs];
    private static readonly int[] NodeGibs = [2, 8, 16, 64, 126, 256, 512, 1021];
    private static readonly ulong[] MirrorAlignments = [Sizes.Page4K, Sizes.Page2M, 128 * Sizes.Mib, Sizes.Page1G];
    private static readonly ulong[] Shortages =
        [0, 0, Sizes.Mib * 128, Sizes.Mib * 96, Sizes.Page2M, Sizes.Page4K, 0x6000000];

    public static void Fill(ref SplitMix64 random, Scenario scenario)
    {
        var machine = scenario.Machine;
        var tolud = random.Pick<ulong>(LowMemoryEnds);
        var nodes = random.Pick<int>(NodeCounts);
        machine.E820.Add(new E820Entry(0, LowEnd, E820Type.Ram));
        machine.E820.Add(new E820Entry(LowEnd, Sizes.Mib - LowEnd, E820Type.Reserved));
        FillLow(ref random, machine, tolud);
        machine.Cmrs.Add(new Cmr(Sizes.Mib, tolud - Sizes.Mib));
        machine.Srat.Add(new SratEntry(0, 0, 0, tolud, false, false));
        FillHigh(ref random, machine, nodes);
        machine.KeyIds = random.Chance(96)
            ? KeyIdPartition.Usual
            : random.Pick<KeyIdPartition>([new(63, 64), new(31, 1), new(31, 0), new(0, 2), new(62, 1)]);
        if (random.Chance(4))
            machine.Srat.Clear();

        if (random.Chance(4))
        {
            machine.Options = BootFlags.Mirror;
            machine.Mirrored.Add(AddressRange.OfSize(0, tolud / 2));
            MirrorHigh(ref random, machine);
        }
    }

    /// <summary>Firmware that mirrors a part of every node, in one piece or with memory that is not mirrored in
    /// front.</summary>
    private static void MirrorHigh(ref SplitMix64 random, Machine machine)
    {
        foreach (var entry in machine.E820)
        {
            if (entry.Address >= Sizes.Gib4 && entry.Type == E820Type.Ram && random.Chance(60))
            {
                var alignment = random.Pick<ulong>(MirrorAlignments);
                var start = random.Chance(50) ? 0 : Pages.AlignDown(random.Below(entry.Size / 2), alignment);
                var size = Pages.AlignDown(random.Below(entry.Size / 2), alignment);
                if (size > 0)
                    machine.Mirrored.Add(AddressRange.OfSize(entry.Address + start, size));
            }
        }
    }

    private static void FillLow(ref SplitMix64 random, Machine machine, ulong tolud)
    {
        var holes = random.Chance(30)
            ? random.Below(6)
            : random.Chance(40) ? random.Between(14, 17) : random.Between(6, MaxHoles);
        var at = Sizes.Mib;

        // The tables of firmware gather in the upper part; real maps have the first hole around 0x5d000000.
        var start = random.Chance(70) ? Pages.AlignDown(tolud / 4 * 3, Sizes.Page2M) : Sizes.Mib + Sizes.Page2M;
        var gap = (tolud - start) / (ulong)(holes + 2);
        for (var i = 0; i < holes; i++)
        {
            var hole = start + (gap * (ulong)(i + 1)) + (random.Below(gap / 2) & ~(Sizes.Page4K - 1));
            hole = Pages.AlignDown(hole, Sizes.Page4K);
            var pages = random.Chance(80) ? random.Between(1, 200) : random.Between(1, 8000);
            var end =
                Math.Min(
                    hole + ((ulong)pages * Sizes.Page4K), hole + Pages.AlignDown(gap / 3, Sizes.Page4K)
                        + Sizes.Page4K);
            machine.E820.Add(new E820Entry(at, hole - at, E820Type.Ram));
            machine.E820.Add(new E820Entry(hole, end - hole, random.Pick<E820Type>(HoleTypes)));
            at = end;
        }

        machine.E820.Add(new E820Entry(at, tolud - at, random.Chance(3) ? E820Type.Reserved : E820Type.Ram));
    }

    private static void FillHigh(ref SplitMix64 random, Machine machine, int nodes)
    {
        var isSmall = random.Chance(40);
        var isPlain = random.Chance(50);
        var at = Sizes.Gib4;
        for (var nid = 0; nid < nodes; nid++)
        {
            var gibs = isSmall ? random.Between(1, 3) : random.Pick<int>(NodeGibs);
            var end = at + ((ulong)gibs * Sizes.Page1G);
            end -= isPlain ? 0 : random.Pick<ulong>(Shortages);
            machine.E820.Add(new E820Entry(at, end - at, E820Type.Ram));
            var unnamed = random.Chance(2) ? random.Pick<ulong>(Unnamed) : 0;
            machine.Srat.Add(new SratEntry(nid, nid, at, end - unnamed, random.Chance(5), false));
            machine.Cmrs.Add(new Cmr(at, end - at));
            at = end;
            if (nid + 1 < nodes && random.Chance(isPlain ? 10 : 40))
                at = Pages.AlignUp(at + 1, Sizes.Page1G);
        }

        FillLater(ref random, machine, at, nodes);
    }

    /// <summary>Behind the DIMMs: slots for hotplug, CXL memory that is soft reserved or, badly, ordinary
    /// RAM.</summary>
    private static void FillLater(ref SplitMix64 random, Machine machine, ulong at, int nodes)
    {
        at = Pages.AlignUp(at, Sizes.Page1G) + Sizes.Page1G;
        if (random.Chance(10))
        {
            machine.Srat.Add(new SratEntry(nodes - 1, nodes - 1, at, at + (4 * Sizes.Page1G), true, false));
            at += 8 * Sizes.Page1G;
        }

        if (random.Chance(10))
        {
            machine.E820.Add(new E820Entry(at, 2 * Sizes.Page1G, E820Type.SoftReserved));
            at += 4 * Sizes.Page1G;
        }

        if (random.Chance(6))
        {
            machine.E820.Add(new E820Entry(at, 2 * Sizes.Page1G, E820Type.Ram));
            machine.Srat.Add(new SratEntry(nodes, nodes, at, at + (2 * Sizes.Page1G), false, false));
        }
    }
}
