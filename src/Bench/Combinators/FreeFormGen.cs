// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;
using Kind = TdxVerify.Core.Platform.MemblockCallKind;

namespace TdxVerify.Bench.Combinators;

/// <summary>
/// The machines of FreeFormMachines as a user of FsCheck would write them: query expressions over Choose, Elements,
/// Frequency and ListOf. A baseline of the generator and nothing else: no search uses it.
/// </summary>
public static class FreeFormGen
{
    private const ulong Huge = 512 * Sizes.Page1G;

    private static readonly Gen<ulong> Edges = Gen.Elements<ulong>(
        0, 0, Sizes.Page4K, Sizes.Page2M, 128 * Sizes.Mib, 512 * Sizes.Mib, Sizes.Page1G - Sizes.Page4K,
        Sizes.Page1G - Sizes.Page2M, Sizes.Mib, Sizes.Mib - Sizes.Page4K,
        Sizes.Mib + Sizes.Page4K, (128 * Sizes.Mib) - Sizes.Page4K, 2 * Sizes.Page4K);

    private static readonly Gen<ulong> Lengths = Gen.Elements(
        Sizes.Page4K, 2 * Sizes.Page4K, Sizes.Page2M, 16 * Sizes.Mib, 128 * Sizes.Mib, 512 * Sizes.Mib,
        Sizes.Page1G - Sizes.Page4K, Sizes.Page1G, Sizes.Page1G, Sizes.Page1G + Sizes.Page4K,
        2 * Sizes.Page1G, 2 * Sizes.Page1G, (3 * Sizes.Page1G) + (128 * Sizes.Mib), 16 * Sizes.Page1G);

    private static readonly Gen<Kind> Changes = Gen.Elements(
        Kind.Remove, Kind.Remove, Kind.SetNode, Kind.SetNode, Kind.MarkMirror, Kind.MarkHotplug, Kind.ClearHotplug,
            Kind.MarkNomap, Kind.ClearNomap, Kind.Add, Kind.Trim);

    private static readonly Gen<(ulong Size, int? Nid, MemblockFlags Flags, ulong Gap)> Pieces =
        from size in Lengths
        from nid in Draw.Sometimes(70, Gen.Constant<int?>(null), Gen.Choose(0, 2).Select(static n => (int?)n))
        from flags in Draw.Sometimes(10, Gen.Constant(MemblockFlags.Mirror), Gen.Constant(MemblockFlags.None))
        from gap in Draw.Sometimes(15, Edges, Gen.Constant(0UL))
        select (size, nid, flags, gap);

    private static readonly Gen<List<MemblockCall>> Operations = Gen.Frequency(
        (30, Anything(1, 20)), (15, Anything(1, 4)), (18, ManyHoles()), (10, ManyTdmrs()), (13, Touching()),
            (9, Gathering()), (3, HugeOnes()));

    public static Gen<Machine> All { get; } =
        from keyIds in Draw.Sometimes(
            95, Gen.Constant(KeyIdPartition.Usual),
            Gen.Elements<KeyIdPartition>(new(31, 1), new(31, 0), new(0, 2), new(30, 3), new(63, 1)))
        from mirror in Draw.Chance(20)
        from operations in Operations
        from cmrs in CmrGen.All
        select Put(keyIds, mirror, operations, cmrs);

    public static IEnumerable<Machine> Sample(int count, ulong seed) => All.Sample(count, new Rnd(seed), 50);

    private static Machine Put(KeyIdPartition keyIds, bool mirror, List<MemblockCall> operations, List<Cmr> cmrs)
    {
        var machine = new Machine { KeyIds = keyIds, Options = BootOptions.None with { KernelcoreMirror = mirror } };
        machine.MemblockCalls.AddRange(operations);
        machine.Cmrs.AddRange(cmrs);
        return machine;
    }

    private static MemblockCall Add(ulong start, ulong size, int nid, MemblockFlags flags = 0) =>
        new(Kind.Add, start, size, nid, flags);

    private static Gen<List<MemblockCall>> Anything(int fewest, int most) =>
        from count in Gen.Choose(fewest, most)
        from nodes in Gen.Choose(1, 4)
        from span in Gen.Elements(2, count, 2 * count, 4 * count)
        from added in Addition(span, nodes).ListOf(count)
        from changes in Draw.Sometimes(50, Gen.Constant(0), Gen.Choose(1, 4))
        from changed in Change(span, nodes).ListOf(changes)
        select added.Concat(changed).ToList();

    private static Gen<MemblockCall> Addition(int span, int nodes) =>
        from gib in Gen.Choose(0, span - 1)
        from edge in Edges
        from size in Lengths
        from odd in Draw.Sometimes(3, Gen.Choose(0, (int)Sizes.Page4K - 1).Two(), Gen.Constant((0, 0)))
        from nid in Gen.Choose(0, nodes - 1)
        from flags in Draw.Sometimes(8, Gen.Constant(MemblockFlags.Mirror), Gen.Constant(MemblockFlags.None))
        select Add(((ulong)gib * Sizes.Page1G) + edge + (ulong)odd.Item1, size + (ulong)odd.Item2, nid, flags);

    private static Gen<MemblockCall> Change(int span, int nodes) =>
        from kind in Changes
        from gib in Gen.Choose(0, span - 1)
        from edge in Edges
        from size in Lengths
        from nid in Gen.Choose(0, nodes - 1)
        select kind == Kind.Trim
            ? new MemblockCall(kind, 0, Sizes.Page4K, PfnRange.MaxNumnodes, 0)
            : new MemblockCall(kind, ((ulong)gib * Sizes.Page1G) + edge, size, nid, 0);

    private static Gen<List<MemblockCall>> ManyHoles() =>
        from gib in Gen.Choose(0, 5)
        from islands in Gen.Choose(12, 17)
        from length in Gen.Elements(Sizes.Page1G, 2 * Sizes.Page1G)
        from isLow in Draw.Chance(50)
        from nid in Gen.Choose(0, 1)
        from edges in Gen.Choose(1, 200).Zip(Gen.Choose(1, 3)).ListOf(islands)
        from fromStart in Draw.Chance(20)
        select Islands(
            (ulong)gib * Sizes.Page1G, Pages.AlignDown(length / (ulong)(islands + 2), Sizes.Page2M), isLow
                ? null
                : nid, edges, fromStart);

    private static List<MemblockCall> Islands(
        ulong tdmr, ulong width, int? room, List<(int Pages, int Mibs)> edges, bool fromStart)
    {
        var operations = new List<MemblockCall>();
        if (room is { } nid)
            operations.Add(Add(16 * Sizes.Page1G, 2 * Sizes.Page1G, nid));

        for (var i = 0; i < edges.Count; i++)
        {
            var start = tdmr + Sizes.Mib + (width * (ulong)i)
                + (i == 0 && fromStart ? 0 : Sizes.Page4K * (ulong)edges[i].Pages);
            operations.Add(Add(start, width - (Sizes.Mib * (ulong)edges[i].Mibs), room is null ? 0 : 1));
        }

        return operations;
    }

    private static Gen<List<MemblockCall>> ManyTdmrs() =>
        from count in Draw.Sometimes(70, Gen.Choose(63, 65), Gen.Choose(58, 66))
        from stride in Draw.Sometimes(80, Gen.Constant(2 * Sizes.Page1G), Gen.Constant(Sizes.Page1G))
        from size in Gen.Elements(Sizes.Page1G, Sizes.Page1G, 128 * Sizes.Mib, 512 * Sizes.Mib)
        from nids in Gen.Choose(0, 1).ListOf(count)
        select nids.Select((nid, i) => Add((ulong)(i + 1) * stride, size, stride == Sizes.Page1G ? i % 2 : nid))
            .ToList();

    private static Gen<List<MemblockCall>> Touching() =>
        from at in Gen.Elements(Sizes.Mib, Sizes.Page1G, Sizes.Gib4, Sizes.Page1G - Sizes.Page4K)
        from count in Gen.Choose(2, 10)
        from pieces in Pieces.ListOf(count)
        select Row(at, pieces);

    private static List<MemblockCall> Row(
        ulong at, List<(ulong Size, int? Nid, MemblockFlags Flags, ulong Gap)> pieces)
    {
        var operations = new List<MemblockCall>();
        for (var i = 0; i < pieces.Count; i++)
        {
            operations.Add(Add(at, pieces[i].Size, pieces[i].Nid ?? (i % 2), pieces[i].Flags));
            at += pieces[i].Size + pieces[i].Gap;
        }

        return operations;
    }

    private static Gen<List<MemblockCall>> Gathering() =>
        from first in Gen.Choose(1, 4)
        from sizes in Gen.Choose(11, 19)
            .SelectMany(static count => Gen.Elements(Sizes.Page2M, 128 * Sizes.Mib, Sizes.Page1G).ListOf(count))
        select sizes.Select(static (size, i) => Add(Sizes.Gib4 + ((ulong)(2 * (i + 2)) * Sizes.Page1G), size, 0))
            .Prepend(Add(Sizes.Gib4, (ulong)first * 128 * Sizes.Mib, 0)).ToList();

    private static Gen<List<MemblockCall>> HugeOnes() =>
        from halves in Gen.Choose(0, 2)
        from second in Draw.Chance(50)
        select HugePair(Huge + ((ulong)halves * Huge / 2), second);

    private static List<MemblockCall> HugePair(ulong size, bool second)
    {
        var operations =
            new List<MemblockCall> { Add(Sizes.Mib, Sizes.Page1G - Sizes.Mib, 0), Add(Sizes.Gib4, size, 0) };
        if (second)
            operations.Add(Add(Sizes.Gib4 + (3 * Huge), Huge, 1));

        return operations;
    }
}
