// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>More regions than memblock's first arrays hold, so that they are doubled.</summary>
internal static class CrowdedMachines
{
    private const int FirstArray = 128;

    private static readonly MemblockCallKind[] Marks =
        [MemblockCallKind.MarkHotplug, MemblockCallKind.MarkMirror, MemblockCallKind.MarkNomap];

    public static void Fill(ref SplitMix64 random, Scenario scenario)
    {
        var machine = scenario.Machine;
        if (random.Chance(20))
            scenario.Faults.FailingArray = random.Between(1, 3);

        switch (random.Below(4))
        {
            case 0:
                FillCalls(ref random, machine);
                break;
            case 1:
                FillMap(ref random, machine, E820Type.Reserved);
                break;
            case 2:
                FillReservations(ref random, machine);
                break;
            default:
                FillMap(ref random, machine, E820Type.SoftReserved);
                break;
        }
    }

    /// <summary>Slab is up: arrays come from it. Some calls join regions, mark a part of one, take some or all away,
    /// or reserve.</summary>
    private static void FillCalls(ref SplitMix64 random, Machine machine)
    {
        var joins = random.Chance(70);
        var count = (joins && random.Chance(70) ? FirstArray - 1 : Count(ref random))
            + (random.Chance(20) ? FirstArray : 0);
        var isHalf = random.Chance(25);
        if (isHalf)
            (joins, count) = (false, (FirstArray / 2) + random.Below(3) - 1);

        var reserved = random.Chance(50) ? 100 : 50;
        var islands = 2 * Sizes.Page2M;
        var joined = random.Below(count);
        var nodeOfJoined = 0;
        for (var i = 0; i < count; i++)
        {
            var start = Sizes.Page1G + ((ulong)i * islands);
            var nid = random.Below(2);
            machine.MemblockCalls.Add(
                new MemblockCall(MemblockCallKind.Add, start, Sizes.Page2M, nid, MemblockFlags.None));
            if (i == joined)
                nodeOfJoined = nid;

            if (random.Chance(reserved))
            {
                machine.MemblockCalls.Add(
                    new MemblockCall(MemblockCallKind.Reserve, start, Sizes.Page4K, PfnRange.MaxNumnodes, 0));
            }
        }

        if (isHalf)
        {
            // An addition over all of them needs one region more than there are: as many as are free, or one more.
            machine.MemblockCalls.Add(
                new MemblockCall(
                    MemblockCallKind.Add, Sizes.Page1G - Sizes.Page2M, ((ulong)count * islands) + Sizes.Page2M, 2,
                    MemblockFlags.None));
        }

        if (joins)
        {
            // It fills the array to its last slot, and is joined with the region in front.
            var start = Sizes.Page1G + ((ulong)joined * islands);
            var nid = random.Chance(25) ? 1 - nodeOfJoined : nodeOfJoined;
            machine.MemblockCalls.Add(
                new MemblockCall(MemblockCallKind.Add, start + Sizes.Page2M, Sizes.Page4K, nid, 0));
            machine.MemblockCalls.Add(new MemblockCall(
                MemblockCallKind.Reserve, start + Sizes.Page4K, Sizes.Page4K, PfnRange.MaxNumnodes, 0));
        }

        if (random.Chance(50))
        {
            var part = Sizes.Page1G + ((ulong)random.Below(count) * islands) + Sizes.Page4K;
            var mark = random.Pick<MemblockCallKind>(Marks);
            machine.MemblockCalls.Add(new MemblockCall(mark, part, Sizes.Page4K, 0, 0));
        }

        var cut = Sizes.Page1G + ((ulong)random.Below(count) * islands) + Sizes.Page4K;
        machine.MemblockCalls.Add(
            new MemblockCall(MemblockCallKind.Remove, cut, islands * (ulong)random.Between(1, 4), 0, 0));
        machine.MemblockCalls.Add(
            new MemblockCall(MemblockCallKind.Free, cut - Sizes.Page4K, Sizes.Page4K, PfnRange.MaxNumnodes, 0));
        if (random.Chance(50))
            machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Remove, 0, ulong.MaxValue, 0, 0));

        machine.MemblockCalls.Add(
            new MemblockCall(MemblockCallKind.Add, Sizes.Page1G, islands * (ulong)random.Below(count), 0, 0));
    }

    /// <summary>A firmware map: arrays come from memblock itself, before slab is up. Soft-reserved memory is reserved,
    /// so that its array grows, too. Then both are doubled once: a second time memblock_double_array() may put them
    /// into the same memory. Where there is no RAM below 1 MiB, an array can't be doubled while the map is read; where
    /// all RAM is in single pages, never.</summary>
    private static void FillMap(ref SplitMix64 random, Machine machine, E820Type between)
    {
        if (random.Chance(70))
            machine.E820.Add(new E820Entry(0, Sizes.Mib, E820Type.Ram));

        var unit = random.Chance(25) ? Sizes.Page4K : Sizes.Page2M;
        var at = Sizes.Mib + (random.Chance(50) ? 16 * Sizes.Mib : 0);
        var isDoubledTwice = between == E820Type.Reserved && random.Chance(50);
        for (var i = Count(ref random) + (isDoubledTwice ? FirstArray : 0); i > 0; i--)
        {
            var size = unit << random.Below(2);
            machine.E820.Add(new E820Entry(at, size, E820Type.Ram));
            machine.E820.Add(new E820Entry(at + size, Sizes.Page4K, between));
            at += size + Sizes.Page4K + (random.Chance(50) ? 0 : Sizes.Page4K);
        }

        if (random.Chance(50))
            FillNodes(ref random, machine, at);
    }

    /// <summary>Reservations before slab is up: a doubled array of them lies above the one that is being made, or
    /// below.</summary>
    private static void FillReservations(ref SplitMix64 random, Machine machine)
    {
        machine.E820.Add(new E820Entry(0, Sizes.Mib, E820Type.Ram));
        machine.E820.Add(new E820Entry(Sizes.Mib, Sizes.Page1G - Sizes.Mib, E820Type.Ram));
        if (random.Chance(30))
        {
            // Arrays lie in mirrored memory where it has room for them.
            machine.Options = BootFlags.Mirror;
            machine.Mirrored.Add(random.Chance(50)
                ? new AddressRange(0, Sizes.Page1G / 2)
                : new AddressRange(Sizes.Page2M, Sizes.Page2M + Sizes.Page4K));
        }

        for (var left = Count(ref random) + random.Below(8); left > 0; left--)
        {
            var at = Pages.AlignDown(random.Below(Sizes.Page1G), Sizes.Page2M >> random.Between(1, 4));
            machine.MemblockCalls.Add(new MemblockCall(
                MemblockCallKind.Reserve, at, Sizes.Page4K << random.Below(2), PfnRange.MaxNumnodes, 0));
        }
    }

    /// <summary>Two or three nodes, with edges inside memory: set_node splits regions.</summary>
    private static void FillNodes(ref SplitMix64 random, Machine machine, ulong end)
    {
        var nodes = random.Between(2, 3);
        ulong start = 0;
        for (var nid = 0; nid < nodes; nid++)
        {
            var edge = nid == nodes - 1
                ? Pages.AlignUp(end, Sizes.Page2M)
                : start + (Sizes.Page4K * (1 + random.Below((end - start) / (Sizes.Page4K * 2))));
            machine.Srat.Add(new SratEntry(nid, nid, start, edge, random.Chance(20), false));
            start = edge;
        }
    }

    private static int Count(ref SplitMix64 random) =>
        FirstArray + (random.Chance(50) ? random.Between(-2, 1) : random.Between(-4, 8));
}
