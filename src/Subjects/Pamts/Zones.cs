// SPDX-License-Identifier: MIT

namespace TdxVerify.Subjects.Pamts;

/// <summary>The zones of x86-64, in page frames.</summary>
internal static class Zones
{
    private const ulong DmaEnd = 16 * Sizes.Mib;

    /// <summary>Normal, DMA32 and DMA: the order in which GFP_KERNEL falls back through them. Page frames below 1 MiB
    /// are in none.</summary>
    public static readonly AddressRange[] HighestFirst =
    [
        new(Pages.PfnDown(Sizes.Gib4), ulong.MaxValue),
        new(Pages.PfnDown(DmaEnd), Pages.PfnDown(Sizes.Gib4)),
        new(Pages.PfnDown(Sizes.Mib), Pages.PfnDown(DmaEnd)),
    ];

    /// <summary>What two ranges share; empty or reversed when they share nothing.</summary>
    public static AddressRange Common(AddressRange one, AddressRange other) =>
        new(Math.Max(one.Start, other.Start), Math.Min(one.End, other.End));
}
