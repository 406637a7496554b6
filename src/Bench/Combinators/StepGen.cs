// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;

namespace TdxVerify.Bench.Combinators;

/// <summary>The steps of StepGenerator out of combinators.</summary>
internal static class StepGen
{
    private const ulong BlockSize = 128 * Sizes.Mib;

    private static readonly Gen<List<Step>> None = Gen.Constant<List<Step>>([]);

    public static Gen<List<Step>> For(Machine machine)
    {
        var ranges = Ranges(machine);
        return
            from online in Draw.Sometimes(8, Online(ranges).ListOf(1), None)
            from addition in Draw.Sometimes(12, Addition(ranges).ListOf(1), None)
            from more in Gen.Choose(0, 3).SelectMany(count => Any(ranges).ListOf(count))
            select online.Concat(addition).Append(Step.Enable).Concat(more).ToList();
    }

    private static Gen<AddressRange> Ranges(Machine machine) =>
        Gen.Elements<AddressRange>(machine.MemblockCalls.Count > 0
        ? machine.MemblockCalls.Select(static c => AddressRange.OfSize(c.Address, c.Size))
        : machine.E820.Select(static e => AddressRange.OfSize(e.Address, e.Size)));

    private static Gen<Step> Any(Gen<AddressRange> ranges) => Gen.Frequency(
        (4, Online(ranges)),
        (2, Gen.Constant(Step.Enable)),
        (1, Addition(ranges)),
        (3, Edge(ranges).Select(static address => Step.At(StepKind.MachineCheck, address))));

    private static Gen<ulong> Edge(Gen<AddressRange> ranges) =>
        from range in ranges
        from edge in Gen.OneOf(
            Gen.Constant(range.Start),
            Gen.Constant(range.End),
            Gen.Constant(range.Start - Math.Min(range.Start, Sizes.Page4K)),
            Draw.Inside(range))
        select edge;

    private static Gen<Step> Online(Gen<AddressRange> ranges) =>
        from range in ranges
        from next in ranges
        from bytes in Gen.Elements(
            (range.Start, range.End),
            (Pages.AlignDown(range.Start, BlockSize), Pages.AlignDown(range.Start, BlockSize) + BlockSize),
            (range.Start, range.End + Sizes.Page4K),
            (range.Start - Math.Min(range.Start, Sizes.Page4K), range.End),
            (Math.Min(range.Start, next.Start), Math.Max(range.End, next.End)),
            (Pages.AlignUp(range.Start, BlockSize), Pages.AlignUp(range.Start, BlockSize) + BlockSize))
        let first = Pages.PfnDown(bytes.Item1)
        select Step.GoingOnline(first, Math.Max(Pages.PfnDown(bytes.Item2), first + 1) - first);

    private static Gen<Step> Addition(Gen<AddressRange> ranges) =>
        from range in ranges
        from blocks in Gen.Elements(1, 1, 8, 16)
        from nid in Gen.Choose(0, 2)
        select Step.OnMemory(StepKind.AddMemory, Pages.AlignUp(range.End, BlockSize), BlockSize * (ulong)blocks, nid);
}
