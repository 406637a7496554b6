// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Free-form memblock: edges at 4K, 2M, 128M, 1G, 2G plus or minus a page, and counts at their
/// limits.</summary>
internal static class FreeFormMachines
{
    private const int TdmrsOfPage = 8;
    private const ulong Huge = 512 * Sizes.Page1G;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly ulong[] Edges =
    [
        0, 0, Sizes.Page4K, Sizes.Page2M, 128 * Sizes.Mib, 512 * Sizes.Mib, Sizes.Page1G - Sizes.Page4K,
        Sizes.Page1G - Sizes.Page2M, Sizes.Mib, Sizes.Mib - Sizes.Page4K,
        Sizes.Mib + Sizes.Page4K, 128 * Sizes.Mib - Sizes.Page4K, 2 * Sizes.Page4K,
    ];

    private static readonly ulong[] RegionSizes =
    [
        Sizes.Page4K, 2 * Sizes.Page4K, Sizes.Page2M, 16 * Sizes.Mib, 128 * Sizes.Mib, 512 * Sizes.Mib,
        Sizes.Page1G - Sizes.Page4K, Sizes.Page1G, Sizes.Page1G, Sizes.Page1G + Sizes.Page4K,
        2 * Sizes.Page1G, 2 * Sizes.Page1G, 3 * Sizes.Page1G + 128 * Sizes.Mib, 16 * Sizes.Page1G,
    ];

    private static readonly MemblockCallKind[] Changes =
    [
        MemblockCallKind.Remove, MemblockCallKind.Remove, MemblockCallKind.SetNode, MemblockCallKind.SetNode,
        MemblockCallKind.MarkMirror,
        MemblockCallKind.MarkHotplug, MemblockCallKind.ClearHotplug, MemblockCallKind.MarkNomap,
        MemblockCallKind.ClearNomap, MemblockCallKind.Add, MemblockCallKind.Reserve, MemblockCallKind.Free,
        MemblockCallKind.Trim,
    ];
    private static readonly ulong[] TdmrSizes = [Sizes.Page1G, Sizes.Page1G, 128 * Sizes.Mib, 512 * Sizes.Mib];
    private static readonly ulong[] FirstEdges = [Sizes.Mib, Sizes.Page1G, Sizes.Gib4, Sizes.Page1G - Sizes.Page4K];
    private static readonly ulong[] GatheringSizes = [Sizes.Page2M, 128 * Sizes.Mib, Sizes.Page1G];

    public static void Fill(ref SplitMix64 random, Scenario scenario)
    {
        var machine = scenario.Machine;
        machine.KeyIds = random.Chance(95)
            ? KeyIdPartition.Usual
            : random.Pick<KeyIdPartition>([new(31, 1), new(31, 0), new(0, 2), new(30, 3), new(63, 1)]);
        machine.Options = random.Chance(20) ? BootFlags.Mirror : BootOptions.None;
        switch (random.Below(100))
        {
            case < 30:
                FillAnything(ref random, machine, random.Between(1, 20));
                break;
            case < 45:
                FillAnything(ref random, machine, random.Between(1, 4));
                break;
            case < 63:
                FillManyHoles(ref random, machine);
                break;
            case < 73:
                FillManyTdmrs(ref random, machine);
                break;
            case < 86:
                FillTouching(ref random, machine);
                break;
            case < 95:
                FillGathering(ref random, machine);
                break;
            case < 98:
                FillHuge(ref random, machine);
                break;
            default:
                CrowdedMachines.Fill(ref random, scenario);
                break;
        }

        CmrGenerator.Fill(ref random, machine);
    }

    private static void Add(
        Machine machine, ulong start, ulong size, int nid, MemblockFlags flags = MemblockFlags.None) =>
        machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, start, size, nid, flags));

    private static ulong Edge(ref SplitMix64 random) => random.Pick<ulong>(Edges);
    private static ulong Size(ref SplitMix64 random) => random.Pick<ulong>(RegionSizes);

    private static void FillAnything(ref SplitMix64 random, Machine machine, int count)
    {
        var nodes = random.Between(1, 4);
        var span = random.Pick<int>([2, count, 2 * count, 4 * count]);
        if (random.Chance(2))
            Add(machine, Sizes.Page1G, 0, 0);

        for (var i = 0; i < count; i++)
        {
            var start = ((ulong)random.Below(span) * Sizes.Page1G) + Edge(ref random);
            var size = Size(ref random);
            if (random.Chance(3))
            {
                start += PartOfPage(ref random);
                size += PartOfPage(ref random);
            }

            Add(machine, start, size, random.Below(nodes), random.Chance(8)
                ? MemblockFlags.Mirror
                : MemblockFlags.None);
        }

        for (var changes = random.Chance(50) ? 0 : random.Between(1, 4); changes > 0; changes--)
            FillChange(ref random, machine, span, nodes);
    }

    /// <summary>Mostly a byte from an edge.</summary>
    private static ulong PartOfPage(ref SplitMix64 random) => random.Below(4) switch
    {
        0 => 0,
        1 => 1,
        2 => Sizes.Page4K - 1,
        _ => random.Below(Sizes.Page4K),
    };

    private static void FillChange(ref SplitMix64 random, Machine machine, int span, int nodes)
    {
        if (random.Chance(5))
        {
            FillWhole(ref random, machine);
            return;
        }

        var kind = random.Pick<MemblockCallKind>(Changes);
        var start = ((ulong)random.Below(span) * Sizes.Page1G) + Edge(ref random);
        machine.MemblockCalls.Add(kind == MemblockCallKind.Trim
            ? new MemblockCall(kind, 0, Sizes.Page4K, PfnRange.MaxNumnodes, 0)
            : new MemblockCall(kind, start, Size(ref random), random.Below(nodes), 0));
    }

    /// <summary>A change of all memory, or of none; or all goes, some of it trimmed before, and some comes
    /// back.</summary>
    private static void FillWhole(ref SplitMix64 random, Machine machine)
    {
        if (random.Chance(50))
        {
            var kind = random.Pick<MemblockCallKind>(Changes);
            kind = kind is MemblockCallKind.Trim or MemblockCallKind.Add ? MemblockCallKind.Remove : kind;
            machine.MemblockCalls.Add(random.Chance(50)
                ? new MemblockCall(kind, 0, ulong.MaxValue, 0, 0)
                : new MemblockCall(kind, Sizes.Page1G + (128 * Sizes.Mib * (ulong)random.Below(16)), 0, 0, 0));
            return;
        }

        if (random.Chance(40))
        {
            FillEnd(ref random, machine);
            return;
        }

        Add(machine, (64 * Sizes.Page1G) + PartOfPage(ref random), Sizes.Page2M, 0);
        machine.MemblockCalls.Add(
            new MemblockCall(MemblockCallKind.Trim, 0, Sizes.Page4K, PfnRange.MaxNumnodes, 0));
        machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Remove, 0, ulong.MaxValue, 0, 0));
        Add(machine, Sizes.Page1G + Edge(ref random), Size(ref random), 0);
    }

    /// <summary>A reservation that reaches the end of the address space, or asks for more; a part of it may be given
    /// back.</summary>
    private static void FillEnd(ref SplitMix64 random, Machine machine)
    {
        const int Most = 4;
        var start = Pages.AlignDown(ulong.MaxValue, Sizes.Page4K) - (Sizes.Page4K * (ulong)random.Below(Most));
        var size = Sizes.Page4K * (ulong)(1 + random.Below(2 * Most));
        machine.MemblockCalls.Add(
            new MemblockCall(MemblockCallKind.Reserve, start, size, PfnRange.MaxNumnodes, 0));
        if (random.Chance(50))
        {
            machine.MemblockCalls.Add(new MemblockCall(
                MemblockCallKind.Free, start + (Sizes.Page4K * (ulong)random.Below(2)), ulong.MaxValue,
                PfnRange.MaxNumnodes, 0));
        }
    }

    /// <summary>13 to 18 holes in a TDMR of one or two GiB.</summary>
    private static void FillManyHoles(ref SplitMix64 random, Machine machine)
    {
        var tdmr = (ulong)random.Below(6) * Sizes.Page1G;
        var islands = random.Between(12, 17);
        var width = (random.Chance(50) ? Sizes.Page1G : 2 * Sizes.Page1G) / (ulong)(islands + 2);
        width = Pages.AlignDown(width, Sizes.Page2M);
        var low = random.Chance(50);
        if (!low)
        {
            // Room for PAMTs that is not in the TDMR with the holes.
            Add(machine, 16 * Sizes.Page1G, 2 * Sizes.Page1G, random.Below(2));
        }

        for (var i = 0; i < islands; i++)
        {
            var start = tdmr + Sizes.Mib + (width * (ulong)i)
                + (i == 0 && random.Chance(20) ? 0 : Sizes.Page4K * (ulong)random.Between(1, 200));
            Add(machine, start, width - (Sizes.Mib * (ulong)random.Between(1, 3)), low ? 0 : 1);
        }
    }

    /// <summary>61 to 66 ranges, each in a GiB of its own; or as many fewer as a module takes fewer TDMRs: one page of
    /// TDMR_INFO.</summary>
    private static void FillManyTdmrs(ref SplitMix64 random, Machine machine)
    {
        if (random.Chance(20))
        {
            machine.Limits = ModuleLimits.Usual with { MaxTdmrs = TdmrsOfPage };
            for (var left = TdmrsOfPage + random.Between(-1, 1); left > 0; left--)
                Add(machine, 2 * Sizes.Page1G * (ulong)left, 128 * Sizes.Mib, random.Below(2));

            return;
        }

        var count = random.Chance(70) ? random.Between(63, 65) : random.Between(58, 66);
        var stride = random.Chance(80) ? 2 * Sizes.Page1G : Sizes.Page1G;
        var size = random.Pick<ulong>(TdmrSizes);
        for (var i = 0; i < count; i++)
            Add(machine, (ulong)(i + 1) * stride, size, stride == Sizes.Page1G ? i % 2 : random.Below(2));
    }

    /// <summary>Ranges that touch, on different nodes, with edges inside a GiB.</summary>
    private static void FillTouching(ref SplitMix64 random, Machine machine)
    {
        var at = random.Pick<ulong>(FirstEdges);
        var count = random.Between(2, 10);
        for (var i = 0; i < count; i++)
        {
            var size = Size(ref random);
            Add(machine, at, size, random.Chance(70)
                ? i % 2
                : random.Below(3), random.Chance(10) ? MemblockFlags.Mirror : MemblockFlags.None);
            at += size;
            at += random.Chance(15) ? Edge(ref random) : 0;
        }
    }

    /// <summary>Many small TDMRs on one node whose PAMTs all find room in the first.</summary>
    private static void FillGathering(ref SplitMix64 random, Machine machine)
    {
        Add(machine, Sizes.Gib4, (ulong)random.Between(1, 4) * 128 * Sizes.Mib, 0);
        var count = random.Between(11, 19);
        for (var i = 0; i < count; i++)
            Add(machine, Sizes.Gib4 + ((ulong)(2 * (i + 2)) * Sizes.Page1G), random.Pick<ulong>(GatheringSizes), 0);
    }

    private static void FillHuge(ref SplitMix64 random, Machine machine)
    {
        Add(machine, Sizes.Mib, Sizes.Page1G - Sizes.Mib, 0);
        Add(machine, Sizes.Gib4, Huge + ((ulong)random.Below(3) * Huge / 2), 0);
        if (random.Chance(50))
            Add(machine, Sizes.Gib4 + (3 * Huge), Huge, 1);
    }
}
