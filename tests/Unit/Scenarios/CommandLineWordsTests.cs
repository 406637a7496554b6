// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;
using TdxVerify.Scenarios;

namespace TdxVerify.Tests.Unit.Scenarios;

public sealed class CommandLineWordsTests
{
    [Fact]
    public void WordsThatMatterAreFoundAmongOthers() =>
        Assert.Equal(
            new BootOptions(NumaOff: true, AcpiOff: true, "4U", KernelcoreMirror: true, "mem=8G memmap=4K$0x64158000"),
            CommandLineWords.Parse("BOOT_IMAGE=/vmlinuz root=UUID=1 numa=off ro acpi=off mem=8G numa=fake=4U quiet kernelcore=mirror memmap=4K$0x64158000"));

    [Theory]
    [InlineData("numa=noacpi")]
    [InlineData("acpi=off")]
    public void SratIsTurnedOffInTwoWays(string word) => Assert.Equal(BootOptions.None with { AcpiOff = true }, CommandLineWords.Parse(word));

    [Fact]
    public void WordsOfHotplugAreKept() => Assert.Equal(
        "kernelcore=1G memory_hotplug.memmap_on_memory=1 movable_node",
        CommandLineWords.Parse("quiet kernelcore=1G memory_hotplug.memmap_on_memory=1 movable_node kernelcore=mirror").HotplugWords);

    // numa_setup() compares the first three letters.
    [Fact]
    public void NumaOffMayHaveATail() => Assert.True(CommandLineWords.Parse("numa=off,x").NumaOff);

    // parse_args() stops there: the rest belongs to init.
    [Fact]
    public void WordsBehindTwoDashesDoNotMatter() =>
        Assert.Equal(BootOptions.None with { AcpiOff = true }, CommandLineWords.Parse("acpi=off -- numa=off mem=4G"));

    [Fact]
    public void LastFakeCounts() => Assert.Equal("2G", CommandLineWords.Parse("numa=fake=4 numa=fake=2G").NumaFake);

    [Theory]
    [InlineData("")]
    [InlineData("quiet")]
    [InlineData("movable_nodes")]
    [InlineData("acpi=force")]
    [InlineData("xmem=4G my.numa=off")]
    public void OtherWordsDoNotMatter(string line) => Assert.Equal(BootOptions.None, CommandLineWords.Parse(line));

    [Fact]
    public void PrintedWordsAreReadBack()
    {
        var options = new BootOptions(NumaOff: true, AcpiOff: true, "3", KernelcoreMirror: true, "memmap=exactmap,640K@0 mem=1G");
        Assert.Equal(options, CommandLineWords.Parse(CommandLineWords.Print(options)));
        Assert.Equal("", CommandLineWords.Print(BootOptions.None));
    }
}
