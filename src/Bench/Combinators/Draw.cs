// SPDX-License-Identifier: MIT

using FsCheck;
using FsCheck.Fluent;

namespace TdxVerify.Bench.Combinators;

/// <summary>Small generators that the others are made of.</summary>
internal static class Draw
{
    public static Gen<bool> Chance(int percent) => Gen.Choose(0, 99).Select(n => n < percent);

    /// <summary>A value as often as the percentage says, else another.</summary>
    public static Gen<T> Sometimes<T>(int percent, Gen<T> value, Gen<T> otherwise) =>
        Gen.Frequency((percent, value), (100 - percent, otherwise));
}
