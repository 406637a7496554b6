// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;

namespace TdxVerify.Bench.Combinators;

/// <summary>Small generators that the others are made of.</summary>
internal static class Draw
{
    public static Gen<ulong> Bits { get; } =
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        select ((ulong)(uint)high << 32) | (uint)low;

    public static Gen<bool> Chance(int percent) => Gen.Choose(0, 99).Select(n => n < percent);

    /// <summary>A value as often as the percentage says, else another.</summary>
    public static Gen<T> Sometimes<T>(int percent, Gen<T> value, Gen<T> otherwise) =>
        Gen.Frequency((percent, value), (100 - percent, otherwise));

    public static Gen<ulong> Inside(AddressRange range) =>
        from page in Gen.Choose(0, (int)Math.Min(range.Size >> Sizes.PageShift, int.MaxValue))
        from offset in Gen.Choose(0, (int)Sizes.Page4K - 1)
        select Math.Min(range.Start + ((ulong)page << Sizes.PageShift) + (ulong)offset, range.End);
}
