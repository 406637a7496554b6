// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Model.Memblock;

namespace TdxVerify.Tests.Unit.Model.Memblock;

public sealed class E820TableTests
{
    private static E820Entry E(ulong start, ulong end, E820Type type = E820Type.Ram) => new(start, end - start, type);

    private static E820Table Table(params E820Entry[] entries)
    {
        var table = new E820Table();
        foreach (var entry in entries)
        {
            table.Add(entry);
        }

        return table;
    }

    private static IReadOnlyList<E820Entry> Sanitized(E820Table table)
    {
        table.Sanitize();
        return table.Entries;
    }

    [Fact]
    public void SanitizeSorts() =>
        Assert.Equal([E(0, 1, E820Type.Nvs), E(5, 6), E(8, 9)], Sanitized(Table(E(8, 9), E(0, 1, E820Type.Nvs), E(5, 6))));

    /*
     *  RAM       |-------------------|
     *  reserved      |---|
     *  reserved        |-------|
     *  NVS                 |-|
     */
    [Fact]
    public void HighestTypeWinsWhereEntriesOverlap() =>
        Assert.Equal(
            [E(0, 2), E(2, 5, E820Type.Reserved), E(5, 6, E820Type.Nvs), E(6, 8, E820Type.Reserved), E(8, 10)],
            Sanitized(Table(E(0, 10), E(2, 4, E820Type.Reserved), E(3, 8, E820Type.Reserved), E(5, 6, E820Type.Nvs))));

    [Fact]
    public void TypesAreComparedAsUnsignedNumbers() =>
        Assert.Equal(
            [E(0, 2, E820Type.Reserved), E(2, 4, E820Type.SoftReserved)],
            Sanitized(Table(E(0, 4, E820Type.Reserved), E(2, 4, E820Type.SoftReserved))));

    [Fact]
    public void TouchingEntriesOfOneTypeBecomeOne() =>
        Assert.Equal([E(0, 8)], Sanitized(Table(E(0, 4), E(4, 8))));

    [Theory]
    [InlineData(E820Type.Pram)]
    [InlineData(E820Type.SoftReserved)]
    public void TypesThatMarkDevicesAreNeverJoined(E820Type type) =>
        Assert.Equal([E(0, 4, type), E(4, 8, type)], Sanitized(Table(E(0, 4, type), E(4, 8, type))));

    [Fact]
    public void LegacyPersistentMemoryIsCutAtEveryEdgeInside() =>
        Assert.Equal(
            [E(0, 1, E820Type.Pram), E(1, 2, E820Type.Pram), E(2, 4, E820Type.Pram)],
            Sanitized(Table(E(0, 4, E820Type.Pram), E(1, 2))));

    [Fact]
    public void EmptyEntriesGo() => Assert.Equal([E(4, 8)], Sanitized(Table(E(2, 2, E820Type.Reserved), E(4, 8))));

    [Fact]
    public void OneEntryIsLeftAsItIs() => Assert.Equal([E(4, 4)], Sanitized(Table(E(4, 4))));

    [Fact]
    public void EntryThatWrapsLeavesTheTableAlone()
    {
        E820Entry[] entries = [E(8, 9), new(0xffff_ffff_ffff_f000, 0x1000, E820Type.Reserved), E(0, 4)];
        Assert.Equal(entries, Sanitized(Table(entries)));
    }

    [Fact]
    public void UpdateChangesOnlyEntriesOfItsType()
    {
        var table = Table(E(0, 4), E(4, 8, E820Type.Acpi), E(8, 12));
        table.Update(0, 12, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(0, 4, E820Type.Reserved), E(4, 8, E820Type.Acpi), E(8, 12, E820Type.Reserved)], Sanitized(table));
    }

    /*
     *  RAM       |-------------|
     *  update        |---|
     */
    [Fact]
    public void UpdateInsideAnEntrySplitsItInThree()
    {
        var table = Table(E(0, 10));
        table.Update(3, 4, E820Type.Ram, E820Type.Unusable);
        Assert.Equal([E(0, 3), E(3, 7, E820Type.Unusable), E(7, 10)], Sanitized(table));
    }

    [Fact]
    public void UpdateTakesTheTailOfOneEntryAndTheHeadOfTheNext()
    {
        var table = Table(E(0, 4), E(6, 10));
        table.Update(2, 6, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(0, 2), E(2, 4, E820Type.Reserved), E(6, 8, E820Type.Reserved), E(8, 10)], Sanitized(table));
    }

    [Fact]
    public void RemoveInsideAnEntrySplitsItInTwo()
    {
        var table = Table(E(0, 10));
        table.Remove(3, 4, E820Type.Ram);
        Assert.Equal([E(0, 3), E(7, 10)], Sanitized(table));
    }

    [Fact]
    public void RemoveLeavesOtherTypes()
    {
        var table = Table(E(0, 4), E(4, 8, E820Type.Acpi), E(8, 12));
        table.Remove(2, 8, E820Type.Ram);
        Assert.Equal([E(0, 2), E(4, 8, E820Type.Acpi), E(10, 12)], Sanitized(table));
    }

    [Fact]
    public void RemoveWithoutATypeTakesEveryType()
    {
        var table = Table(E(0, 4), E(4, 8, E820Type.Acpi), E(8, 12));
        table.Remove(2, 8, E820Type.None);
        Assert.Equal([E(0, 2), E(10, 12)], Sanitized(table));
    }

    [Fact]
    public void RemoveBeyondTheAddressSpaceIsCut()
    {
        var table = Table(E(0, 4), E(8, 12));
        table.Remove(2, ulong.MaxValue, E820Type.Ram);
        Assert.Equal([E(0, 2)], Sanitized(table));
    }

    [Fact]
    public void RangesThatOnlyTouchChangeNothing()
    {
        var table = Table(E(4, 8), E(12, 16));
        table.Remove(0, 4, E820Type.Ram);
        table.Update(8, 4, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(4, 8), E(12, 16)], Sanitized(table));
    }

    [Fact]
    public void ChangesOfALogAreUpdatesAndRemovals()
    {
        var table = Table(E(0, 10), E(10, 12, E820Type.Reserved));
        table.Apply(new E820Change(E820ChangeKind.Update, 0, 2, E820Type.Ram, E820Type.Nvs));
        table.Apply(new E820Change(E820ChangeKind.Remove, 8, 4, E820Type.None, E820Type.None));
        Assert.Equal([E(0, 2, E820Type.Nvs), E(2, 8)], Sanitized(table));
    }

    [Fact]
    public void EntriesBeyondTheCapacityAreIgnored()
    {
        var table = new E820Table();
        for (var i = 0; i <= E820Table.MaxEntries; i++)
        {
            table.Add(E((ulong)i * 2, ((ulong)i * 2) + 1));
        }

        // 128 entries of the zero page and three for each of 1024 nodes.
        Assert.Equal(3200, table.Entries.Count);
    }

    [Fact]
    public void LastPfnIsTheEndOfTheHighestWholePageOfRamOrAcpi()
    {
        var table = Table(
            E(0x5000, 0x8fff, E820Type.Acpi), E(0x1000, 0x4000), E(0x10000, 0x20000, E820Type.Nvs), E(0x30000, 0x40000, E820Type.ReservedKern));
        Assert.Equal(8UL, table.EndOfRamPfn());
    }

    // Before it is sanitised: what a change leaves behind is exact, and adds no empty entry.
    [Theory]
    [InlineData(4, 8)]
    [InlineData(2, 10)]
    public void AnEntryInsideAnUpdateIsRenamed(ulong start, ulong end)
    {
        var table = Table(E(4, 8), E(12, 16));
        table.Update(start, end - start, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(4, 8, E820Type.Reserved), E(12, 16)], table.Entries);
    }

    [Fact]
    public void AnEntryInsideARemovalIsEmptied()
    {
        var table = Table(E(4, 8), E(12, 16));
        table.Remove(4, 4, E820Type.Ram);
        Assert.Equal([default, E(12, 16)], table.Entries);
    }

    [Fact]
    public void AnEntryBesideAnUpdateStaysAlone()
    {
        var table = Table(E(4, 8));
        table.Update(8, 4, E820Type.Ram, E820Type.Reserved);
        table.Update(0, 4, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(4, 8)], table.Entries);
    }

    [Fact]
    public void AnUpdateOfAnEdgeAddsOneEntry()
    {
        var head = Table(E(4, 8));
        head.Update(2, 4, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(6, 8), E(4, 6, E820Type.Reserved)], head.Entries);
        var tail = Table(E(4, 8));
        tail.Update(6, 4, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(4, 6), E(6, 8, E820Type.Reserved)], tail.Entries);
        var startsTogether = Table(E(4, 8));
        startsTogether.Update(4, 2, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(6, 8), E(4, 6, E820Type.Reserved)], startsTogether.Entries);
        var endsTogether = Table(E(4, 8));
        endsTogether.Update(6, 2, E820Type.Ram, E820Type.Reserved);
        Assert.Equal([E(4, 6), E(6, 8, E820Type.Reserved)], endsTogether.Entries);
    }

    // Entries of these types are never joined, so an empty piece in front of one would stay.
    [Fact]
    public void TouchingEntriesLeaveNoEmptyPiece() =>
        Assert.Equal(
            [E(0, 2), E(2, 4, E820Type.Reserved), E(4, 10), E(10, 20, E820Type.SoftReserved)],
            Sanitized(Table(E(0, 10), E(2, 4, E820Type.Reserved), E(10, 20, E820Type.SoftReserved))));

    [Fact]
    public void EdgesOfTheTableBeforeCutNothing()
    {
        var table = Table(E(0, 40), E(10, 30, E820Type.Reserved));
        table.Sanitize();
        table.Clear();
        table.Add(E(0, 4));
        table.Add(E(2, 3, E820Type.Reserved));
        table.Add(E(20, 40, E820Type.SoftReserved));
        Assert.Equal([E(0, 2), E(2, 3, E820Type.Reserved), E(3, 4), E(20, 40, E820Type.SoftReserved)], Sanitized(table));
    }
}
