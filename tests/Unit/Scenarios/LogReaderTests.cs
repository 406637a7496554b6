// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Tests.Unit.Scenarios;

public sealed class LogReaderTests
{
    private const string LastPfn = "last_pfn = 0x40000 max_arch_pfn = 0x400000000\n";

    private static readonly string[] Lines =
    [
        "Linux version 6.12.0-1-amd64 (builder@host)",
        "Command line: root=/dev/sda1 mem=8G numa=off",
        "BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable",
        "BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff] usable",
        "e820: update [mem 0x00000000-0x00000fff] usable ==> reserved",
        "last_pfn = 0x40000 max_arch_pfn = 0x400000000",
        "ACPI: SRAT: Node 1 PXM 2 [mem 0x00000000-0x3fffffff] hotplug",
        "Early memory node ranges",
        "  node   1: [mem 0x0000000000001000-0x000000000009ffff]",
        "  node   1: [mem 0x0000000000100000-0x000000003fffffff]",
        "virt/tdx: BIOS enabled: private KeyID range [32, 64)",
        "virt/tdx: module initialized",
    ];

    [Theory]
    [InlineData("")]
    [InlineData("[    0.000000] ")]
    [InlineData("[    0.000000][    T0] ")]
    [InlineData("[    0.000000] [      T0] ")]
    [InlineData("<6>[    0.000000] ")]
    [InlineData("kern  :info  : [    0.000000] ")]
    [InlineData("kern  :info  : [Fri May 22 09:34:57 2026] ")]
    [InlineData("[Fri May 22 09:34:57 2026] ")]
    [InlineData("[ven. août 22 09:34:57 2026] ")]
    [InlineData("2025-07-02T10:00:00+00:00 host kernel: ")]
    [InlineData("Mar 22 18:26:13 host kernel: [    0.000000] ")]
    [InlineData("Mar 22 18:26:13 host kernel: ")]
    [InlineData("[    0.000000] kernel: ")]
    [InlineData("[    0.000000 <    0.000000>] ")]
    [InlineData("> ")]
    [InlineData("> > [    0.000000] ")]
    [InlineData("\t")]
    public void EveryPrefixOfALineIsStrippedWithEitherLineEnd(string prefix)
    {
        foreach (var end in new[] { "\n", "\r\n" })
        {
            var file = LogText.Read(string.Concat(Lines.Select(l => prefix + l + end)), isStrict: true);
            var machine = file.Scenario.Machine;
            Assert.Equal("6.12.0-1-amd64", machine.KernelRelease);
            Assert.Equal(BootOptions.None with { NumaOff = true, MemoryWords = "mem=8G" }, machine.Options);
            Assert.Equal([new(0, 0xa0000, E820Type.Ram), new(0x100000, 0x3ff00000, E820Type.Ram)], machine.E820);
            Assert.Equal([new(E820ChangeKind.Update, 0, 0x1000, E820Type.Ram, E820Type.Reserved)], machine.E820Changes);
            Assert.Equal([new(1, 2, 0, 0x40000000, Hotplug: true, NonVolatile: false)], machine.Srat);
            Assert.Equal([new(1, 0xa0, 1), new(0x100, 0x40000, 1)], file.Scenario.Observed.EarlyRanges);
            Assert.Equal(new KeyIdPartition(31, 32), machine.KeyIds);
            Assert.Equal((0x40000UL, ObservedOutcome.Initialized), (file.Scenario.Observed.LastPfn, file.Scenario.Observed.Outcome));
            Assert.Equal((1, 1, 0), (file.Boots, file.Boot, file.Diagnostics.Count));
        }
    }

    [Theory]
    [InlineData("BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff]\nusable\n")]
    [InlineData("> BIOS-e820: [mem 0x0000000000100000-0x000000003fffffff]\n> usable\n")]
    [InlineData("[    0.000000] BIOS-e820: [mem\n0x0000000000100000-0x000000003fffffff] usable\n")]
    [InlineData("[    0.000000] BIOS-e820: [mem 0x0000000000100000-\n0x000000003fffffff] usable\n")]
    [InlineData("[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x0000\r\n00003fffffff] usable\r\n")]
    public void WrappedLinesAreJoined(string text)
    {
        var file = LogText.Read(text + LastPfn, isStrict: true);
        Assert.Equal([new(0x100000, 0x3ff00000, E820Type.Ram)], file.Scenario.Machine.E820);
        Assert.Equal(0x40000UL, file.Scenario.Observed.LastPfn);
    }

    [Fact]
    public void WrappedSratLineIsJoined() =>
        Assert.Equal(
            [new(0, 0, 0, 0x40000000, Hotplug: false, NonVolatile: false)],
            LogText.Read(LogText.Map + "SRAT: Node 0 PXM 0 [mem\n0x00000000-0x3fffffff]\n", isStrict: true).Scenario.Machine.Srat);

    [Theory]
    [InlineData("BIOS-e820: [mem 0x0000000040000000-0x0000")]
    [InlineData("BIOS-e820: [mem 0x0000000040000000-0x000000004fffffff]")]
    [InlineData("BIOS-e820: [mem 0x0000000040000000-0x000000004fffffff] us")]
    [InlineData("BIOS-e820: [mem 0x0000000040000000-0x0000000030000000] usable")]
    [InlineData("BIOS-e820: [mem 0x00000000400000000-0x0000000050000000] usable")]
    [InlineData("BIOS-e820: 0000000040000000 - 00000")]
    [InlineData("e820: update [mem 0x00000000-0x00000fff] usable ==>")]
    [InlineData("e820: remove [mem 0x00000000-0x")]
    [InlineData("SRAT: Node 0 PXM 0 [mem 0x00000000-")]
    [InlineData("SRAT: Node 4096 PXM 0 [mem 0x00000000-0x3fffffff]")]
    [InlineData("virt/tdx: CMR: [0x100000, 0x")]
    [InlineData("virt/tdx: BIOS enabled: private KeyID range [32, ")]
    [InlineData(" memory[0x0]\t[0x0000000000001000-0x0000")]
    public void CutLineIsReportedWithItsNumber(string line)
    {
        var file = LogText.Read("\n" + LogText.Map + line + "\nnothing to join\n");
        Assert.Equal((1, 3L), (file.Diagnostics.Count, Assert.Single(file.Diagnostics.Kept).Line));
        Assert.StartsWith("line 3: expected ", file.Diagnostics.Kept[0].ToString(), StringComparison.Ordinal);
        Assert.Single(file.Scenario.Machine.E820);

        var problem = Assert.Throws<BadInputException>(() => LogText.Read("\n" + LogText.Map + line, isStrict: true));
        Assert.StartsWith("boot.log:3: expected ", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnlyTheFirstDiagnosticsAreKeptButAllAreCounted()
    {
        var file = LogText.Read(LogText.Map + string.Concat(Enumerable.Repeat("BIOS-e820: [mem 0x\nx\n", 25)));
        Assert.Equal((LogDiagnostics.MaxKept, 25), (file.Diagnostics.Kept.Count, file.Diagnostics.Count));
    }

    [Fact]
    public void ACutLineOfAnotherBootIsNotHeldAgainstTheChosenOne()
    {
        const string Boot = "Linux version 6.12.0\n" + LogText.Map + LastPfn;
        const string Cut = Boot + "BIOS-e820: [mem 0x\nx\n";
        Assert.Equal((2, 0), (LogText.Read(Cut + Boot).Boot, LogText.Read(Cut + Boot).Diagnostics.Count));
        Assert.Equal((1, 1), (LogText.Read(Cut + Boot, boot: 1).Boot, LogText.Read(Cut + Boot, boot: 1).Diagnostics.Count));
    }

    [Fact]
    public void ACutLineInFrontOfTheFirstBootIsReported() =>
        Assert.Equal((1, 1), (LogText.Read("BIOS-e820: [mem 0x\nx\nLinux version 6.12.0\n" + LogText.Map).Boots, LogText.Read("BIOS-e820: [mem 0x\nx\nLinux version 6.12.0\n" + LogText.Map).Diagnostics.Count));

    [Fact]
    public void LineBehindACutOneIsStillRead()
    {
        var file = LogText.Read("BIOS-e820: [mem 0x00000\n" + LogText.Map);
        Assert.Equal([new(0x100000, 0x3ff00000, E820Type.Ram)], file.Scenario.Machine.E820);
        Assert.Equal(1, file.Diagnostics.Count);
    }

    [Fact]
    public void HostileControlCharactersAreNotEchoed()
    {
        var problem = Assert.Throws<BadInputException>(() => LogText.Read("BIOS-e820: [mem \u001b[31m", isStrict: true));
        Assert.DoesNotContain('\u001b', problem.Message);
    }

    [Fact]
    public void OverlongLinesAreSkipped() =>
        Assert.Single(LogText.Read(LogText.Map + new string(' ', 1 << 15) + LogText.Map).Scenario.Machine.E820);

    [Fact]
    public void CommentsAreSkipped() => Assert.Single(LogText.Read("# " + LogText.Map + LogText.Map).Scenario.Machine.E820);

    private static string Boot(string release, string rest) => $"[    0.000000] Linux version {release} (x)\n{LogText.Map}{rest}";

    [Fact]
    public void LastBootOfALogCounts()
    {
        var file = LogText.Read(Boot("6.1", LastPfn) + Boot("6.2", LastPfn));
        Assert.Equal(("6.2", 2, 2), (file.Scenario.Machine.KernelRelease, file.Boots, file.Boot));
    }

    [Fact]
    public void BootThatWasCutGivesWayToTheOneBefore()
    {
        var file = LogText.Read(Boot("6.1", LastPfn) + Boot("6.2", ""));
        Assert.Equal(("6.1", 2, 1), (file.Scenario.Machine.KernelRelease, file.Boots, file.Boot));
    }

    [Theory]
    [InlineData(1, "6.1")]
    [InlineData(2, "6.2")]
    [InlineData(3, "6.3")]
    public void AskedForBootIsTaken(int boot, string release) =>
        Assert.Equal(release, LogText.Read(Boot("6.1", LastPfn) + Boot("6.2", "") + Boot("6.3", LastPfn), boot).Scenario.Machine.KernelRelease);

    [Fact]
    public void BootThatIsNotThereIsAnError()
    {
        var problem = Assert.Throws<BadInputException>(() => LogText.Read(Boot("6.1", LastPfn), 2));
        Assert.Equal("boot.log: expected boot 2, got a log of 1", problem.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello\nworld\n")]
    [InlineData("[    0.000000] Linux version 6.1 (x)\n")]
    public void FileThatSaysNothingAboutMemoryIsAnError(string text) =>
        Assert.True(Assert.Throws<BadInputException>(() => LogText.Read(text)).IsUnrecognised);

    [Fact]
    public void CommandLineBehindTheKernelsOwnEchoIsTheSame() =>
        Assert.True(LogText.Read("Command line: numa=off\n" + LogText.Map + "Kernel command line: numa=off\n").Scenario.Machine.Options.NumaOff);

    [Theory]
    [InlineData("efi: mem03: [Conventional Memory|   |  |MR|  |  |  |   |WB|WT|WC|UC] range=[0x0000000000100000-0x00000000001fffff] (1MB)")]
    [InlineData("efi: mem03: type=7, attr=[Conventional Memory|   |MR|WB] range=[0x0000000000100000-0x0000000000200000) (1MB)")]
    public void MirroredEfiRangesHaveInclusiveEndsExceptInOldKernels(string line) =>
        Assert.Equal([new AddressRange(0x100000, 0x200000)], LogText.Read(LogText.Map + line + "\n").Scenario.Machine.Mirrored);

    [Fact]
    public void OtherEfiRangesAreNotMirrored() =>
        Assert.Empty(LogText.Read(LogText.Map + "efi: mem03: [Conventional Memory|   |  |  |  |WB] range=[0x0000000000100000-0x00000000001fffff] (1MB)\n").Scenario.Machine.Mirrored);

    [Fact]
    public void MemoryBlockSizeIsInMib() =>
        Assert.Equal(2UL << 30, LogText.Read(LogText.Map + "x86/mm: Memory block size: 2048MB\n").Scenario.Observed.MemoryBlockSize);
}
