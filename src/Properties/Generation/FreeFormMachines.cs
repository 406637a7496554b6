// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Generation;

/// <summary>Free-form memblock: edges at 4K, 2M, 128M, 1G, 2G plus or minus a page, and counts at their limits.</summary>
internal static class FreeFormMachines
{
    private const ulong Huge = 512 * Sizes.Page1G;

    // Arrays, because a span of constants costs an allocation a time in code that is not optimised.
    private static readonly ulong[] Edges =
    [
        0, 0, Sizes.Page4K, Sizes.Page2M, 128 * Sizes.Mib, 512 * Sizes.Mib, Sizes.Page1G - Sizes.Page4K, Sizes.Page1G - Sizes.Page2M, Sizes.Mib, Sizes.Mib - Sizes.Page4K,
        Sizes.Mib + Sizes.Page4K, 128 * Sizes.Mib - Sizes.Page4K, 2 * Sizes.Page4K,
    ];

    private static readonly ulong[] RegionSizes =
    [
        Sizes.Page4K, 2 * Sizes.Page4K, Sizes.Page2M, 16 * Sizes.Mib, 128 * Sizes.Mib, 512 * Sizes.Mib, Sizes.Page1G - Sizes.Page4K, Sizes.Page1G, Sizes.Page1G, Sizes.Page1G + Sizes.Page4K,
        2 * Sizes.Page1G, 2 * Sizes.Page1G, 3 * Sizes.Page1G + 128 * Sizes.Mib, 16 * Sizes.Page1G,
    ];

    private static readonly MemblockCallKind[] Changes =
    [
        MemblockCallKind.Remove, MemblockCallKind.Remove, MemblockCallKind.SetNode, MemblockCallKind.SetNode, MemblockCallKind.MarkMirror,
        MemblockCallKind.MarkHotplug, MemblockCallKind.ClearHotplug, MemblockCallKind.MarkNomap, MemblockCallKind.ClearNomap, MemblockCallKind.Add,
        MemblockCallKind.Trim,
    ];
    private static readonly ulong[] TdmrSizes = [Sizes.Page1G, Sizes.Page1G, 128 * Sizes.Mib, 512 * Sizes.Mib];
    private static readonly ulong[] FirstEdges = [Sizes.Mib, Sizes.Page1G, Sizes.Gib4, Sizes.Page1G - Sizes.Page4K];
    private static readonly ulong[] GatheringSizes = [Sizes.Page2M, 128 * Sizes.Mib, Sizes.Page1G];

    /// <summary>Fills in a machine.</summary>
    public static void Fill(ref SplitMix64 draws, Scenario scenario)
    {
        var machine = scenario.Machine;
        machine.KeyIds = draws.Chance(95) ? KeyIdPartition.Usual : draws.Pick<KeyIdPartition>([new(31, 1), new(31, 0), new(0, 2), new(30, 3), new(63, 1)]);
        machine.Options = draws.Chance(20) ? BootFlags.Mirror : BootOptions.None;
        switch (draws.Below(100))
        {
            case < 30:
                FillAnything(ref draws, machine, draws.Between(1, 20));
                break;
            case < 45:
                FillAnything(ref draws, machine, draws.Between(1, 4));
                break;
            case < 63:
                FillManyHoles(ref draws, machine);
                break;
            case < 73:
                FillManyTdmrs(ref draws, machine);
                break;
            case < 86:
                FillTouching(ref draws, machine);
                break;
            case < 95:
                FillGathering(ref draws, machine);
                break;
            default:
                FillHuge(ref draws, machine);
                break;
        }

        CmrGenerator.Fill(ref draws, machine);
    }

    private static void Add(Machine machine, ulong start, ulong size, int nid, MemblockFlags flags = MemblockFlags.None) =>
        machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, start, size, nid, flags));

    private static ulong Edge(ref SplitMix64 draws) => draws.Pick<ulong>(Edges);

    private static ulong Size(ref SplitMix64 draws) => draws.Pick<ulong>(RegionSizes);

    private static void FillAnything(ref SplitMix64 draws, Machine machine, int count)
    {
        var nodes = draws.Between(1, 4);
        var span = draws.Pick<int>([2, count, 2 * count, 4 * count]);
        for (var i = 0; i < count; i++)
        {
            var start = ((ulong)draws.Below(span) * Sizes.Page1G) + Edge(ref draws);
            var size = Size(ref draws);
            if (draws.Chance(3))
            {
                start += draws.Below(Sizes.Page4K);
                size += draws.Below(Sizes.Page4K);
            }

            Add(machine, start, size, draws.Below(nodes), draws.Chance(8) ? MemblockFlags.Mirror : MemblockFlags.None);
        }

        for (var changes = draws.Chance(50) ? 0 : draws.Between(1, 4); changes > 0; changes--)
        {
            FillChange(ref draws, machine, span, nodes);
        }
    }

    private static void FillChange(ref SplitMix64 draws, Machine machine, int span, int nodes)
    {
        var kind = draws.Pick<MemblockCallKind>(Changes);
        var start = ((ulong)draws.Below(span) * Sizes.Page1G) + Edge(ref draws);
        machine.MemblockCalls.Add(kind == MemblockCallKind.Trim
            ? new MemblockCall(kind, 0, Sizes.Page4K, PfnRange.MaxNumnodes, 0)
            : new MemblockCall(kind, start, Size(ref draws), draws.Below(nodes), 0));
    }

    /// <summary>13 to 18 holes in a TDMR of one or two GiB.</summary>
    private static void FillManyHoles(ref SplitMix64 draws, Machine machine)
    {
        var tdmr = (ulong)draws.Below(6) * Sizes.Page1G;
        var islands = draws.Between(12, 17);
        var width = (draws.Chance(50) ? Sizes.Page1G : 2 * Sizes.Page1G) / (ulong)(islands + 2);
        width = Pages.AlignDown(width, Sizes.Page2M);
        var low = draws.Chance(50);
        if (!low)
        {
            // Room for PAMTs that is not in the TDMR with the holes.
            Add(machine, 16 * Sizes.Page1G, 2 * Sizes.Page1G, draws.Below(2));
        }

        for (var i = 0; i < islands; i++)
        {
            var start = tdmr + Sizes.Mib + (width * (ulong)i) + (i == 0 && draws.Chance(20) ? 0 : Sizes.Page4K * (ulong)draws.Between(1, 200));
            Add(machine, start, width - (Sizes.Mib * (ulong)draws.Between(1, 3)), low ? 0 : 1);
        }
    }

    /// <summary>61 to 66 ranges, each in a GiB of its own.</summary>
    private static void FillManyTdmrs(ref SplitMix64 draws, Machine machine)
    {
        var count = draws.Chance(70) ? draws.Between(63, 65) : draws.Between(58, 66);
        var stride = draws.Chance(80) ? 2 * Sizes.Page1G : Sizes.Page1G;
        var size = draws.Pick<ulong>(TdmrSizes);
        for (var i = 0; i < count; i++)
        {
            Add(machine, (ulong)(i + 1) * stride, size, stride == Sizes.Page1G ? i % 2 : draws.Below(2));
        }
    }

    /// <summary>Ranges that touch, on different nodes, with edges inside a GiB.</summary>
    private static void FillTouching(ref SplitMix64 draws, Machine machine)
    {
        var at = draws.Pick<ulong>(FirstEdges);
        var count = draws.Between(2, 10);
        for (var i = 0; i < count; i++)
        {
            var size = Size(ref draws);
            Add(machine, at, size, draws.Chance(70) ? i % 2 : draws.Below(3), draws.Chance(10) ? MemblockFlags.Mirror : MemblockFlags.None);
            at += size;
            at += draws.Chance(15) ? Edge(ref draws) : 0;
        }
    }

    /// <summary>Many small TDMRs on one node whose PAMTs all find room in the first.</summary>
    private static void FillGathering(ref SplitMix64 draws, Machine machine)
    {
        Add(machine, Sizes.Gib4, (ulong)draws.Between(1, 4) * 128 * Sizes.Mib, 0);
        var count = draws.Between(11, 19);
        for (var i = 0; i < count; i++)
        {
            Add(machine, Sizes.Gib4 + ((ulong)(2 * (i + 2)) * Sizes.Page1G), draws.Pick<ulong>(GatheringSizes), 0);
        }
    }

    private static void FillHuge(ref SplitMix64 draws, Machine machine)
    {
        Add(machine, Sizes.Mib, Sizes.Page1G - Sizes.Mib, 0);
        Add(machine, Sizes.Gib4, Huge + ((ulong)draws.Below(3) * Huge / 2), 0);
        if (draws.Chance(50))
        {
            Add(machine, Sizes.Gib4 + (3 * Huge), Huge, 1);
        }
    }
}
