// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;

namespace TdxVerify.Tests.Unit.Scenarios.Lines;

public sealed class E820LinesTests
{
    private const string Low = "[mem 0x0000000000100000-0x00000000001fffff]";
    private const string High = "[mem 0x0000000000200000-0x00000000002fffff]";
    private const string LastPfn = "last_pfn = 0x300 max_arch_pfn = 0x400000000\n";

    private static readonly E820Entry LowRam = new(0x100000, 0x100000, E820Type.Ram);
    private static readonly E820Entry HighRam = new(0x200000, 0x100000, E820Type.Ram);

    private static Machine Read(string text) => LogText.Read(text, isStrict: true).Scenario.Machine;

    [Theory]
    [InlineData("usable", 1)]
    [InlineData("System RAM", 1)]
    [InlineData("reserved", 2)]
    [InlineData("device reserved", 2)]
    [InlineData("soft reserved", 0xefffffff)]
    [InlineData("ACPI data", 3)]
    [InlineData("ACPI NVS", 4)]
    [InlineData("unusable", 5)]
    [InlineData("persistent (type 7)", 7)]
    [InlineData("persistent (type 12)", 12)]
    [InlineData("persistent RAM (type 7)", 7)]
    [InlineData("persistent RAM (type 12)", 12)]
    [InlineData("type 0", 0)]
    [InlineData("type 9", 9)]
    [InlineData("type 20", 20)]
    [InlineData("type 2147483647", 0x7fffffff)]
    [InlineData("type 4026531840", 0xf0000000)]
    [InlineData("type 4294967295", 0xffffffff)]
    public void EveryWordForATypeIsKnown(string word, uint type) =>
        Assert.Equal([new(0x100000, 0x100000, (E820Type)type)], Read($"BIOS-e820: {Low} {word}\n").E820);

    [Fact]
    public void NewSpellingHasInclusiveEnds() =>
        Assert.Equal([new(0, 0x1000, E820Type.Ram)], Read("BIOS-e820: [mem 0x0000000000000000-0x0000000000000fff] usable\n").E820);

    [Fact]
    public void OldSpellingHasExclusiveEnds() =>
        Assert.Equal(
            [new(0, 0x9fc00, E820Type.Ram), new(0x9fc00, 0x400, E820Type.Reserved), new(0x7ff80000, 0xe000, E820Type.Acpi)],
            Read(
                " BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)\n"
                + " BIOS-e820: 000000000009fc00 - 00000000000a0000 (reserved)\n"
                + " BIOS-e820: 000000007ff80000 - 000000007ff8e000 (ACPI data)\n").E820);

    [Theory]
    [InlineData("BIOS-e801")]
    [InlineData("BIOS-88")]
    public void MapsOfOldBiosCallsAreRead(string maker) => Assert.Equal([LowRam], Read($"{maker}: {Low} usable\n").E820);

    [Fact]
    public void SpellingSince7HasTwoBlanksAndGapLines() =>
        Assert.Equal(
            [LowRam, new(0x80000000, 0x10000000, E820Type.Reserved)],
            Read(
                $"BIOS-e820: {Low}  System RAM\n"
                + "BIOS-e820: [gap 0x0000000000200000-0x000000007fffffff]\n"
                + "BIOS-e820: [mem 0x0000000080000000-0x000000008fffffff]  device reserved\n").E820);

    [Fact]
    public void EntryUpToTheTopLeavesTheLastByteOut() =>
        Assert.Equal(
            [new(0xffff_ffff_0000_0000, 0xffff_ffff, E820Type.Reserved)],
            Read("BIOS-e820: [mem 0xffffffff00000000-0xffffffffffffffff] reserved\n").E820);

    [Theory]
    [InlineData("reserve setup_data", "extended physical RAM map:")]
    [InlineData("user", "user-defined physical RAM map:")]
    [InlineData("modified", "modified physical RAM map:")]
    [InlineData("user", "e820: user-defined physical RAM map:")]
    public void LaterMapReplacesTheOneBefore(string maker, string header)
    {
        var map = $"BIOS-provided physical RAM map:\nBIOS-e820: {Low} usable\n{LastPfn}{header}\n{maker}: {High} usable\n";
        Assert.Equal([HighRam], Read(map + LastPfn).E820);
    }

    [Fact]
    public void LaterMapForgetsTheChangesBeforeIt()
    {
        var map = $"BIOS-e820: {Low} usable\ne820: remove [mem 0x00100000-0x00100fff] usable\nextended physical RAM map:\nreserve setup_data: {High} usable\n{LastPfn}";
        Assert.Empty(Read(map).E820Changes);
    }

    [Fact]
    public void WordsOfTheCommandLineAreInAUserDefinedMapAlready()
    {
        var map = $"Command line: mem=2M\nBIOS-e820: {Low} usable\nuser-defined physical RAM map:\nuser: {High} usable\n{LastPfn}";
        Assert.Equal("", Read(map).Options.MemoryWords);
    }

    // The kernel prints its map once more for PCI gaps or EFI, when memblock has long been filled from it.
    [Theory]
    [InlineData("RAMDISK: [mem 0x01000000-0x01ffffff]")]
    [InlineData("Using GB pages for direct mapping")]
    [InlineData("found SMP MP-table at [mem 0x000f5ae0-0x000f5aef]")]
    [InlineData("Zone ranges:")]
    [InlineData("Early memory node ranges")]
    [InlineData("MEMBLOCK configuration:")]
    public void ModifiedMapBehindTheFillingOfMemblockReplacesNothing(string sign) =>
        Assert.Equal([LowRam], Read($"BIOS-e820: {Low} usable\n{LastPfn}{sign}\nmodified physical RAM map:\nmodified: {High} usable\n").E820);

    [Fact]
    public void ModifiedMapThatNoLastPfnFollowsReplacesNothing() =>
        Assert.Equal([LowRam], Read($"BIOS-e820: {Low} usable\n{LastPfn}modified physical RAM map:\nmodified: {High} usable\n").E820);

    [Fact]
    public void ChangesAreReadInOrder() =>
        Assert.Equal(
            [
                new(E820ChangeKind.Update, 0, 0x1000, E820Type.Ram, E820Type.Reserved),
                new(E820ChangeKind.Remove, 0xa0000, 0x60000, E820Type.Ram, E820Type.None),
                new(E820ChangeKind.Remove, 0xe0000000, 0x10000000, E820Type.None, E820Type.None),
                new(E820ChangeKind.Update, 0x1000, 0x1000, E820Type.Ram, E820Type.ReservedKern),
                new(E820ChangeKind.Update, 0x2000, 0x1000, E820Type.Ram, E820Type.Reserved),
            ],
            Read(
                $"BIOS-e820: {Low} usable\n"
                + "e820: update [mem 0x00000000-0x00000fff] usable ==> reserved\n"
                + "e820: remove [mem 0x000a0000-0x000fffff] usable\n"
                + "e820: remove [mem 0xe0000000-0xefffffff] \n"
                + "e820: update [mem 0x00001000-0x00001fff] usable ==> usable\n"
                + "e820: update [mem 0x00002000-0x00002fff] System RAM ==> device reserved\n"
                + LastPfn).E820Changes);

    [Fact]
    public void OldSpellingOfChangesIsRead() =>
        Assert.Equal(
            [
                new(E820ChangeKind.Update, 0, 0x10000, E820Type.Ram, E820Type.Reserved),
                new(E820ChangeKind.Remove, 0xa0000, 0x60000, E820Type.Ram, E820Type.None),
            ],
            Read(
                " BIOS-e820: 0000000000100000 - 0000000000200000 (usable)\n"
                + "e820 update range: 0000000000000000 - 0000000000010000 (usable) ==> (reserved)\n"
                + "e820 remove range: 00000000000a0000 - 0000000000100000 (usable)\n").E820Changes);

    [Fact]
    public void ChangesBehindTheLastLastPfnAreIgnored()
    {
        var machine = Read(
            $"BIOS-e820: {Low} usable\n"
            + "e820: update [mem 0x00000000-0x00000fff] usable ==> reserved\n" + LastPfn
            + "e820: update [mem 0x00100000-0x00100fff] usable ==> reserved\n" + LastPfn
            + "e820: update [mem 0x00101000-0x00101fff] usable ==> reserved\n");
        Assert.Equal([0UL, 0x100000UL], machine.E820Changes.Select(static c => c.Address));
    }

    [Fact]
    public void HighestLastPfnIsKept() =>
        Assert.Equal(
            0x140000UL,
            LogText.Read($"BIOS-e820: {Low} usable\nlast_pfn = 0x140000 max_arch_pfn = 0x400000000\nlast_pfn = 0x7ff00 max_arch_pfn = 0x400000000\n").Scenario.Observed.LastPfn);

    [Theory]
    [InlineData("PM: Registering ACPI NVS region [mem 0x7ff80000-0x7ff8dfff] (57344 bytes)")]
    [InlineData("e820: reserve RAM buffer [mem 0x0009fc00-0x0009ffff]")]
    [InlineData("[mem 0xc0000000-0xffffffff] available for PCI devices")]
    [InlineData("[gap 0xc0000000-0xffffffff] available for PCI devices")]
    public void LinesThatChangeNoRamAreNoChanges(string line)
    {
        var machine = Read($"BIOS-e820: {Low} usable\n{line}\n{LastPfn}");
        Assert.Equal([LowRam], machine.E820);
        Assert.Empty(machine.E820Changes);
    }
}
