// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

public sealed class CmrTableTests
{
    private const ulong KeyIdStart = 1UL << 46;

    // Defects of one range: size 0 is no range at all.
    [Theory]
    [InlineData(4 * G, G, true)]
    [InlineData(0UL, M, true)]
    [InlineData(KeyIdStart - G, G, true)]
    [InlineData(KeyIdStart - G, G + 4096, false)]
    [InlineData(KeyIdStart, G, false)]
    [InlineData(1UL << 52, G, false)]
    [InlineData((4 * G) + 512, G, false)]
    [InlineData(4 * G, G + 512, false)]
    [InlineData(ulong.MaxValue - 4095, 4096UL, false)]
    [InlineData(0xffffffffffffffff, 0UL, true)]
    [InlineData(0x123UL, 0UL, true)]
    public void RangeIsLegal(ulong start, ulong size, bool legal) => Assert.Equal(legal, IsValid(new Cmr(start, size)));

    [Fact]
    public void EmptyListIsLegal() => Assert.True(IsValid());

    [Fact]
    public void TouchingRangesAreLegal() => Assert.True(IsValid(new Cmr(4 * G, G), new Cmr(5 * G, G)));

    [Fact]
    public void OverlapIsNot() => Assert.False(IsValid(new Cmr(4 * G, G + 4096), new Cmr(5 * G, G)));

    [Fact]
    public void DescentIsNot() => Assert.False(IsValid(new Cmr(5 * G, G), new Cmr(4 * G, G)));

    [Fact]
    public void OrderIsHeldAgainstThePreviousRangeNotAgainstTheEmptySlot()
    {
        Assert.True(IsValid(new Cmr(4 * G, G), new Cmr(99 * G, 0), new Cmr(5 * G, G)));
        Assert.False(IsValid(new Cmr(4 * G, 2 * G), default, new Cmr(5 * G, G)));
    }

    [Fact]
    public void AllSlotsAreLookedAt()
    {
        var slots = new Cmr[32];
        slots[31] = new Cmr(1, 1);
        Assert.False(IsValid(slots));
    }

    [Theory]
    [InlineData(4 * G, 5 * G, true)]
    [InlineData(4 * G, 4 * G + 4096, true)]
    [InlineData(4 * G - 4096, 5 * G, false)]
    [InlineData(4 * G, 5 * G + 4096, false)]
    [InlineData(0UL, 4096UL, false)]
    public void AreaLiesInOneRange(ulong start, ulong end, bool inside) =>
        Assert.Equal(inside, Table(new Cmr(4 * G, G)).Contains(start, end));

    /*
     *  |--4--|--5--|--6--|   gap   |--8--|
     */
    [Theory]
    [InlineData(4, 6, true)]
    [InlineData(4, 7, true)]
    [InlineData(5, 7, true)]
    [InlineData(6, 9, false)]
    [InlineData(8, 9, true)]
    [InlineData(7, 8, false)]
    public void TouchingRangesAreOneRun(int start, int end, bool inside)
    {
        var table = Table(new Cmr(4 * G, G), new Cmr(5 * G, G), default, new Cmr(6 * G, G), new Cmr(8 * G, G));
        Assert.Equal(inside, table.Contains((ulong)start * G, (ulong)end * G));
    }

    [Fact]
    public void NineTouchingRangesAreOneRun()
    {
        var table = Table([.. Enumerable.Range(4, 9).Select(static i => new Cmr((ulong)i * G, G))]);
        Assert.True(table.Contains(4 * G, 13 * G));
        Assert.False(table.Contains(4 * G, (13 * G) + 4096));
    }

    [Fact]
    public void GapOfOnePageBreaksARun() =>
        Assert.False(Table(new Cmr(4 * G, G - 4096), new Cmr(5 * G, G)).Contains(4 * G, 6 * G));

    [Fact]
    public void RunFromZeroIsOrdinary() => Assert.True(Table(new Cmr(0, M), new Cmr(M, M)).Contains(0, 2 * M));

    [Fact]
    public void NewListReplacesTheOld()
    {
        var table = Table(new Cmr(4 * G, G), new Cmr(5 * G, G));
        table.Set([new Cmr(8 * G, G)]);
        Assert.False(table.Contains(5 * G, 6 * G));
        Assert.Equal(0UL, table.Slots[1].Size);
    }

    [Theory]
    [InlineData(0UL, ulong.MaxValue, false)]
    [InlineData(1UL, ulong.MaxValue, true)]
    [InlineData(ulong.MaxValue, 0UL, false)]
    public void RangeThatEndsAt2To64Wraps(ulong start, ulong size, bool wraps) =>
        Assert.Equal(wraps, PhysicalAddressRules.Wraps(start, size));

    [Theory]
    [InlineData(31UL, false)]
    [InlineData(32UL, true)]
    [InlineData(63UL, true)]
    [InlineData(64UL, false)]
    public void PrivateKeyIdsFollowTheSharedOnes(ulong keyId, bool isPrivate) =>
        Assert.Equal(isPrivate, PhysicalAddressRules.Usual.IsPrivate(keyId));

    private static bool IsValid(params Cmr[] cmrs) => Table(cmrs).IsValid(PhysicalAddressRules.Usual);

    private static CmrTable Table(params Cmr[] cmrs)
    {
        var table = new CmrTable();
        table.Set(cmrs);
        return table;
    }
}
