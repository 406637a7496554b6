// SPDX-License-Identifier: MIT

using FsCheck.Xunit;
using TdxVerify.Core.Addressing;

namespace TdxVerify.Tests.Properties;

/// <summary>The algebra that every verdict rests on, against a bitmap of 64 bytes.</summary>
[Properties(MaxTest = 2000, QuietOnSuccess = true)]
public sealed class RangeSetLaws
{
    private const int Bytes = 64;

    [Property]
    public bool OfIsTheUnion((byte, byte)[] ranges) => Bits(RangeSet.Of(Ranges(ranges))) == Bits(Ranges(ranges));

    [Property]
    public bool ASetAscendsAndTouchesNothing((byte, byte)[] ranges) => IsNormal(RangeSet.Of(Ranges(ranges)));

    [Property]
    public bool ExceptIsAndNot((byte, byte)[] one, (byte, byte)[] other)
    {
        var left = Set(one).Except(Set(other));
        return Bits(left) == (Bits(Set(one)) & ~Bits(Set(other))) && IsNormal(left);
    }

    [Property]
    public bool AndIsAnd((byte, byte)[] one, (byte, byte)[] other)
    {
        var common = Set(one).And(Set(other));
        return Bits(common) == (Bits(Set(one)) & Bits(Set(other))) && IsNormal(common);
    }

    [Property]
    public bool WithinCutsARange((byte, byte)[] set, (byte, byte) range) =>
        Bits(Set(set).Within(Range(range))) == (Bits(Set(set)) & Bits([Range(range)]));

    [Property]
    public bool SizeCountsBytes((byte, byte)[] set) =>
        Set(set).Size == (ulong)System.Numerics.BitOperations.PopCount(Bits(Set(set)));

    [Property]
    public bool FirstCommonIsTheFirstStretchOfAnd((byte, byte)[] one, (byte, byte)[] other) =>
        IsFirstOf(Set(one).FirstCommon(Set(other)), Bits(Set(one)) & Bits(Set(other)));

    [Property]
    public bool FirstOutsideIsTheFirstStretchOfAndNot((byte, byte)[] one, (byte, byte)[] other) =>
        IsFirstOf(Set(one).FirstOutside(Set(other)), Bits(Set(one)) & ~Bits(Set(other)));

    [Property]
    public bool FirstMissingBeginsWhereTheSetFirstLacksARange((byte, byte)[] set, (byte, byte) range)
    {
        var missing = Set(set).FirstMissing(Range(range));
        var lacks = Bits([Range(range)]) & ~Bits(Set(set));
        return missing.IsEmpty
            ? lacks == 0
            : System.Numerics.BitOperations.TrailingZeroCount(lacks) == (int)missing.Start && missing.End == Range(range).End;
    }

    [Property]
    public bool ContainsAndOverlaps((byte, byte)[] set, (byte, byte) range)
    {
        var (own, asked) = (Bits(Set(set)), Bits([Range(range)]));
        return Range(range).IsEmpty
            || (Set(set).Contains(Range(range)) == ((asked & ~own) == 0) && Set(set).Overlaps(Range(range)) == ((asked & own) != 0));
    }

    private static AddressRange Range((byte Start, byte End) range) => new((ulong)range.Start % (Bytes + 1), (ulong)range.End % (Bytes + 1));

    private static IEnumerable<AddressRange> Ranges((byte, byte)[] ranges) => ranges.Select(Range);

    private static RangeSet Set((byte, byte)[] ranges) => RangeSet.Of(Ranges(ranges));

    private static ulong Bits(IEnumerable<AddressRange> ranges)
    {
        ulong bits = 0;
        foreach (var range in ranges)
        {
            for (var at = range.Start; at < range.End; at++)
            {
                bits |= 1UL << (int)at;
            }
        }

        return bits;
    }

    private static bool IsNormal(RangeSet set)
    {
        for (var i = 0; i < set.Count; i++)
        {
            if (set[i].IsEmpty || (i > 0 && set[i].Start <= set[i - 1].End))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>True when a range begins with the lowest bit and ends inside its stretch or where that ends.</summary>
    private static bool IsFirstOf(AddressRange range, ulong bits) => bits == 0
        ? range.IsEmpty
        : (int)range.Start == System.Numerics.BitOperations.TrailingZeroCount(bits) && !range.IsEmpty && (Bits([range]) & ~bits) == 0;
}
