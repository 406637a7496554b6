// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

public sealed class MemoryParametersTests
{
    private const ulong M = Sizes.Mib;
    private const ulong G = 1UL << 30;

    private static E820Entry E(ulong start, ulong end, E820Type type = E820Type.Ram) => new(start, end - start, type);

    // RAM below 2 GiB and ACPI data behind it.
    private static IReadOnlyList<E820Entry> After(string words)
    {
        var table = new E820Table();
        table.Add(E(0, 2 * G));
        table.Add(E(2 * G, (2 * G) + M, E820Type.Acpi));
        MemoryParameters.Apply(words, table);
        table.Sanitize();
        return table.Entries;
    }

    [Theory]
    [InlineData("mem=1073741824")]
    [InlineData("mem=0x40000000")]
    [InlineData("mem=0X40000000")]
    [InlineData("mem=010000000000")]
    [InlineData("mem=1048576K")]
    [InlineData("mem=1048576k")]
    [InlineData("mem=1024M")]
    [InlineData("mem=0x400m")]
    [InlineData("mem=1G")]
    [InlineData("mem=1g")]
    [InlineData("memmap=1G")]
    [InlineData("memmap=1Gx64158000")]
    public void LimitTakesAwayRamAboveInEverySpelling(string words) =>
        Assert.Equal([E(0, G), E(2 * G, (2 * G) + M, E820Type.Acpi)], After(words));

    [Theory]
    [InlineData("")]
    [InlineData("mem=0")]
    [InlineData("mem=")]
    [InlineData("mem=nopentium")]
    [InlineData("mem=1T")]
    [InlineData("memmap=")]
    [InlineData("memmap=@0x1000")]
    [InlineData("memmap=all")]
    [InlineData("crashkernel=1G mem_encrypt=on")]
    public void WordsThatTheKernelDoesNotTakeDoNothing(string words) =>
        Assert.Equal([E(0, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi)], After(words));

    [Theory]
    [InlineData("memmap=16M#256M", E820Type.Acpi)]
    [InlineData("memmap=16M$256M", E820Type.Reserved)]
    [InlineData("memmap=16M!256M", E820Type.Pram)]
    [InlineData("memmap=16384K$0x10000000", E820Type.Reserved)]
    [InlineData("memmap=0100000000$02000000000", E820Type.Reserved)]
    public void SignSaysWhatTheRangeBecomes(string words, E820Type type) =>
        Assert.Equal(
            [E(0, 256 * M), E(256 * M, 272 * M, type), E(272 * M, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi)],
            After(words));

    [Fact]
    public void AtAddsRam() =>
        Assert.Equal([E(0, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi), E(4 * G, 5 * G)], After("memmap=1G@4G"));

    [Fact]
    public void AddedRamDoesNotWinOverOtherTypes() =>
        Assert.Equal([E(0, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi)], After("memmap=1M@2G"));

    // memparse() of nothing is 0.
    [Fact]
    public void MissingStartIsZero() =>
        Assert.Equal([E(0, 4096, E820Type.Reserved), E(4096, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi)], After("memmap=4K$"));

    [Theory]
    [InlineData("memmap=exactmap memmap=640K@0 memmap=1023M@1M")]
    [InlineData("memmap=exactmap,640K@0,1023M@1M")]
    [InlineData("memmap=16M$1M,exactmap,640K@0,1023M@1M")]
    public void ExactmapForgetsTheMapBeforeIt(string words) =>
        Assert.Equal([E(0, 0xa0000), E(M, G)], After(words));

    [Fact]
    public void WordsActInTheirOrder()
    {
        Assert.Equal([E(0, G), E(2 * G, (2 * G) + M, E820Type.Acpi), E(4 * G, 5 * G)], After("mem=1G memmap=1G@4G"));
        Assert.Equal([E(0, G), E(2 * G, (2 * G) + M, E820Type.Acpi)], After("memmap=1G@4G mem=1G"));
    }

    [Fact]
    public void PercentWithBothTypesChangesOneIntoTheOther() =>
        Assert.Equal(
            [E(0, M), E(M, 2 * M, E820Type.Reserved), E(2 * M, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi)],
            After("memmap=1M%1M-1+2"));

    [Fact]
    public void PercentLeavesOtherTypesThanItsFirst() =>
        Assert.Equal([E(0, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi)], After("memmap=1M%1M-3+2"));

    [Fact]
    public void PercentWithOnlyAnOldTypeRemovesIt() =>
        Assert.Equal([E(0, (2 * G) - M), E(2 * G, (2 * G) + M, E820Type.Acpi)], After("memmap=2M%2047M-1"));

    [Fact]
    public void PercentWithOnlyANewTypeAddsIt() =>
        Assert.Equal(
            [E(0, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi), E(4 * G, 5 * G, E820Type.SoftReserved)],
            After("memmap=1G%4G+0xefffffff"));

    [Fact]
    public void PercentWithoutTypesRemovesEverything() =>
        Assert.Equal([E(0, (2 * G) - M)], After("memmap=2M%2047M"));

    // The numbers behind - and + are plain, without a unit.
    [Theory]
    [InlineData("memmap=1M%1M-1+2junk")]
    [InlineData("memmap=1M%4G+1K")]
    public void PercentWithAnythingBehindItDoesNothing(string words) =>
        Assert.Equal([E(0, 2 * G), E(2 * G, (2 * G) + M, E820Type.Acpi)], After(words));

    [Fact]
    public void OwnReservationIsUnderstood()
    {
        var word = MemoryParameters.Reserve(0x64158000, 0x1000);
        Assert.Equal("memmap=4K$0x64158000", word);
        Assert.Contains(E(0x64158000, 0x64159000, E820Type.Reserved), After(word));
    }

    [Theory]
    [InlineData("quieter512M")]
    [InlineData("memmap=@1M")]
    public void AWordThatIsNoneOfThemDoesNothing(string words) => Assert.Equal(After(""), After(words));
}
