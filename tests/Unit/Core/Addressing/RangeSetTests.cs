// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;

namespace TdxVerify.Tests.Unit.Core.Addressing;

public sealed class RangeSetTests
{
    private static AddressRange R(ulong start, ulong end) => new(start, end);

    [Fact]
    public void JoinsWhatTouchesAndDropsWhatIsEmpty() =>
        Assert.Equal([R(1, 5), R(7, 9)], RangeSet.Of([R(7, 9), R(3, 5), R(1, 3), R(6, 6), R(4, 5)]));

    /*
     *  set    |-------------|   |----|
     *  taken     |--|  |---------|
     *  left   |--|  |--|         |---|
     */
    [Fact]
    public void ExceptCutsAcrossRanges() => Assert.Equal(
        [R(0, 3), R(5, 8), R(21, 25)], RangeSet.Of([R(0, 15), R(20, 25)]).Except(RangeSet.Of([R(3, 5), R(8, 21)])));

    [Fact]
    public void AndKeepsWhatIsInBoth() =>
        Assert.Equal([R(3, 5), R(8, 10)], RangeSet.Of([R(0, 5), R(8, 12)]).And(RangeSet.Of([R(3, 10)])));

    [Fact]
    public void TotalBytesCountsBytes() => Assert.Equal(7UL, RangeSet.TotalBytes([R(0, 5), R(8, 10)]));
}
