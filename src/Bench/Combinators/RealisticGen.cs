// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;

namespace TdxVerify.Bench.Combinators;

/// <summary>The machines of RealisticMachines out of combinators.</summary>
internal static class RealisticGen
{
    private const ulong LowEnd = 0x9f000;

    private static readonly Gen<E820Type> HoleTypes = Gen.Elements(E820Type.Reserved, E820Type.Acpi, E820Type.Nvs);
    private static readonly Gen<int> HolePages = Draw.Sometimes(80, Gen.Choose(1, 200), Gen.Choose(1, 8000));

    private static readonly Gen<int> HoleCounts = Draw.Sometimes(
        30, Gen.Choose(0, 5), Draw.Sometimes(40, Gen.Choose(14, 17), Gen.Choose(6, 18)));

    private static readonly Gen<Later> LaterParts =
        from slots in Draw.Chance(10)
        from soft in Draw.Chance(10)
        from ram in Draw.Chance(6)
        select new Later(slots, soft, ram);

    public static Gen<Machine> All { get; } =
        from tolud in Gen.Elements<ulong>(0x6f800000, 0x77800000, 0x78000000, 0x80000000, 0xbf000000)
        from nodes in Gen.Elements(1, 1, 2, 2, 2, 4, 8)
        from low in LowPart(tolud)
        from banks in BankRow(nodes)
        from later in LaterParts
        from keyIds in Draw.Sometimes(
            96, Gen.Constant(KeyIdPartition.Usual),
            Gen.Elements<KeyIdPartition>(new(63, 64), new(31, 1), new(31, 0), new(0, 2), new(62, 1)))
        from hasSrat in Draw.Chance(96)
        from mirror in Draw.Chance(4)
        select Put(tolud, low, banks, later, keyIds, hasSrat, mirror);

    private static Machine Put(
        ulong tolud, List<E820Entry> low, List<Bank> banks, Later later, KeyIdPartition keyIds, bool hasSrat,
        bool mirror)
    {
        var machine = new Machine { KeyIds = keyIds, Options = BootOptions.None with { KernelcoreMirror = mirror } };
        machine.E820.Add(new E820Entry(0, LowEnd, E820Type.Ram));
        machine.E820.Add(new E820Entry(LowEnd, Sizes.Mib - LowEnd, E820Type.Reserved));
        machine.E820.AddRange(low);
        machine.Cmrs.Add(new Cmr(Sizes.Mib, tolud - Sizes.Mib));
        machine.Srat.Add(new SratEntry(0, 0, 0, tolud, false, false));
        var at = Sizes.Gib4;
        for (var nid = 0; nid < banks.Count; nid++)
        {
            var end = at + banks[nid].Size;
            machine.E820.Add(new E820Entry(at, end - at, E820Type.Ram));
            machine.Srat.Add(new SratEntry(nid, nid, at, end, banks[nid].Hotplug, false));
            machine.Cmrs.Add(new Cmr(at, end - at));
            at = banks[nid].Gap && nid + 1 < banks.Count ? Pages.AlignUp(end + 1, Sizes.Page1G) : end;
        }

        PutLater(machine, Pages.AlignUp(at, Sizes.Page1G) + Sizes.Page1G, later, banks.Count);
        if (!hasSrat)
            machine.Srat.Clear();

        if (mirror)
            machine.Mirrored.Add(AddressRange.OfSize(0, tolud / 2));

        return machine;
    }

    private static void PutLater(Machine machine, ulong at, Later later, int nodes)
    {
        if (later.Slots)
        {
            machine.Srat.Add(new SratEntry(nodes - 1, nodes - 1, at, at + (4 * Sizes.Page1G), true, false));
            at += 8 * Sizes.Page1G;
        }

        if (later.Soft)
        {
            machine.E820.Add(new E820Entry(at, 2 * Sizes.Page1G, E820Type.SoftReserved));
            at += 4 * Sizes.Page1G;
        }

        if (later.Ram)
        {
            machine.E820.Add(new E820Entry(at, 2 * Sizes.Page1G, E820Type.Ram));
            machine.Srat.Add(new SratEntry(nodes, nodes, at, at + (2 * Sizes.Page1G), false, false));
        }
    }

    private static Gen<List<E820Entry>> LowPart(ulong tolud) =>
        from holes in HoleCounts
        from start in Draw.Sometimes(
            70, Gen.Constant(Pages.AlignDown(tolud / 4 * 3, Sizes.Page2M)), Gen.Constant(Sizes.Mib + Sizes.Page2M))
        let gap = (tolud - start) / (ulong)(holes + 2)
        from cuts in HoleIn(gap).ListOf(holes)
        from last in Draw.Sometimes(3, Gen.Constant(E820Type.Reserved), Gen.Constant(E820Type.Ram))
        select LowEntries(start, gap, cuts, tolud, last);

    private static Gen<Hole> HoleIn(ulong gap) =>
        from offset in Gen.Choose(0, (int)(gap / 2 / Sizes.Page4K) - 1)
        from pages in HolePages
        from type in HoleTypes
        select new Hole((ulong)offset * Sizes.Page4K, (ulong)pages * Sizes.Page4K, type);

    private static List<E820Entry> LowEntries(ulong start, ulong gap, List<Hole> cuts, ulong tolud, E820Type last)
    {
        var entries = new List<E820Entry>();
        var at = Sizes.Mib;
        for (var i = 0; i < cuts.Count; i++)
        {
            var hole = Pages.AlignDown(start + (gap * (ulong)(i + 1)) + cuts[i].Offset, Sizes.Page4K);
            var end = hole + Math.Min(cuts[i].Size, Pages.AlignDown(gap / 3, Sizes.Page4K) + Sizes.Page4K);
            entries.Add(new E820Entry(at, hole - at, E820Type.Ram));
            entries.Add(new E820Entry(hole, end - hole, cuts[i].Type));
            at = end;
        }

        entries.Add(new E820Entry(at, tolud - at, last));
        return entries;
    }

    private static Gen<List<Bank>> BankRow(int nodes) =>
        from isSmall in Draw.Chance(25)
        from isPlain in Draw.Chance(50)
        from banks in BankOf(isSmall, isPlain).ListOf(nodes)
        select banks;

    private static Gen<Bank> BankOf(bool isSmall, bool isPlain) =>
        from gibs in isSmall ? Gen.Choose(1, 3) : Gen.Elements(2, 8, 16, 64, 126, 256, 512, 1021)
        from cut in isPlain
            ? Gen.Constant(0UL)
            : Gen.Elements<ulong>(0, 0, Sizes.Mib * 128, Sizes.Mib * 96, Sizes.Page2M, Sizes.Page4K, 0x6000000)
        from hotplug in Draw.Chance(5)
        from gap in Draw.Chance(isPlain ? 10 : 40)
        select new Bank(((ulong)gibs * Sizes.Page1G) - cut, hotplug, gap);

    private readonly record struct Hole(ulong Offset, ulong Size, E820Type Type);
    private readonly record struct Bank(ulong Size, bool Hotplug, bool Gap);
    private readonly record struct Later(bool Slots, bool Soft, bool Ram);
}
