// SPDX-License-Identifier: MIT

using System.Globalization;
using System.Text;

namespace TdxVerify.Tests.Cli;

[Collection("script")]
public sealed class HostileInputTests
{
    private const int Million = 1_000_000;
    private const int HundredMegabytes = 100 << 20;

    [Fact]
    public void AMillionMapLinesEnd()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Million; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"BIOS-e820: [mem 0x{(ulong)i << 20:x16}-0x{((ulong)i << 20) + 0x7ffff:x16}] usable\n");
        }

        var result = Script.Run(["explain", "-"], text.ToString());
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith(
            "-: TDX fails to initialise (-12, -ENOMEM)\n  996800 lines are cut or malformed: the answer may be wrong (see the end)\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void AHundredMegabyteLineEnds()
    {
        var result = Script.Run(["explain", "-"], new string('x', HundredMegabytes));
        Assert.Equal(2, result.ExitCode);
        Assert.Single(Script.Complaints(result));
    }

    [Theory]
    [InlineData("0x0000000000000000", "0xffffffffffffffff")]
    [InlineData("0x0000000000100000", "0xfffffffffffffffe")]
    [InlineData("0x000fffffffff0000", "0x7fffffffffffffff")]
    public void RangesToTheEndOfTheAddressSpaceAreJudged(string first, string last)
    {
        var result = Script.Run(["explain", "-"], $"BIOS-e820: [mem {first}-{last}] usable\nlast_pfn = 0x1 max_arch_pfn = 0x2\n");
        Assert.InRange(result.ExitCode, 0, 1);
    }

    [Fact]
    public void AReversedRangeIsReportedWithItsLine()
    {
        var text = File.ReadAllText(Script.Sample) + "BIOS-e820: [mem 0x0000000000002000-0x0000000000001000] usable\n";
        var result = Script.Run(["explain", "-"], text);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains($"line {text.Split('\n').Length - 1}: expected", result.Output, StringComparison.Ordinal);
    }
}
