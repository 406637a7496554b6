// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>More regions than memblock's first arrays hold, so that they are doubled.</summary>
internal static class CrowdedMachines
{
    private const int FirstArray = 128;

    public static void Fill(ref SplitMix64 random, Machine machine)
    {
        switch (random.Below(3))
        {
            case 0:
                FillCalls(ref random, machine);
                break;
            case 1:
                FillMap(ref random, machine, E820Type.Reserved);
                break;
            default:
                FillMap(ref random, machine, E820Type.SoftReserved);
                break;
        }
    }

    /// <summary>Slab is up: arrays come from it. Some calls join regions, take some or all away, or reserve.</summary>
    private static void FillCalls(ref SplitMix64 random, Machine machine)
    {
        var count = Count(ref random) + (random.Chance(10) ? FirstArray : 0);
        var islands = 2 * Sizes.Page2M;
        for (var i = 0; i < count; i++)
        {
            var start = Sizes.Page1G + ((ulong)i * islands);
            var kind = random.Chance(50) ? MemblockCallKind.Add : MemblockCallKind.Reserve;
            machine.MemblockCalls.Add(
                new MemblockCall(MemblockCallKind.Add, start, Sizes.Page2M, random.Below(2), MemblockFlags.None));
            if (kind == MemblockCallKind.Reserve)
                machine.MemblockCalls.Add(new MemblockCall(kind, start, Sizes.Page4K, PfnRange.MaxNumnodes, 0));
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
    /// so that its array grows, too. Both are doubled once: a second time memblock_double_array() may put them into
    /// the same memory.</summary>
    private static void FillMap(ref SplitMix64 random, Machine machine, E820Type between)
    {
        machine.E820.Add(new E820Entry(0, Sizes.Mib, E820Type.Ram));
        var at = Sizes.Mib + (random.Chance(50) ? 16 * Sizes.Mib : 0);
        for (var i = Count(ref random); i > 0; i--)
        {
            var size = Sizes.Page2M << random.Below(2);
            machine.E820.Add(new E820Entry(at, size, E820Type.Ram));
            machine.E820.Add(new E820Entry(at + size, Sizes.Page4K, between));
            at += size + Sizes.Page4K + (random.Chance(50) ? 0 : Sizes.Page4K);
        }
    }

    private static int Count(ref SplitMix64 random) => random.Between(FirstArray - 4, FirstArray + 8);
}
