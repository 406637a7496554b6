// SPDX-License-Identifier: MIT

using System.IO.Compression;
using System.Text;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Tests.Unit.Scenarios.Input;

public sealed class GzipTests
{
    private static readonly byte[] Packed = Pack(LogText.Map + string.Concat(Enumerable.Range(0, 5000).Select(static i => $"[ {i * 7919 % 5000}.{i}] line {i * 104729 % 99991}\n")));

    [Fact]
    public void WholeDataIsRead() => Assert.Single(Read(Packed).Scenario.Machine.E820);

    [Fact]
    public void TwoMembersAreOneLog() => Assert.Equal(2, Read([.. Pack(LogText.Map), .. Pack("BIOS-e820: [mem 0x0000000100000000-0x000000013fffffff] usable\n")]).Scenario.Machine.E820.Count);

    [Theory]
    [InlineData(50)]
    [InlineData(70)]
    [InlineData(90)]
    [InlineData(99)]
    public void CutDataIsNotTakenForAShortLog(int percent) =>
        Assert.EndsWith("the gzip data ends early", Refuse(Packed[..(Packed.Length * percent / 100)]), StringComparison.Ordinal);

    [Fact]
    public void DamagedDataIsSaidToBe()
    {
        var damaged = Packed.ToArray();
        damaged[12] = 0xff;
        Assert.EndsWith("the gzip data is damaged", Refuse(damaged), StringComparison.Ordinal);
    }

    private static string Refuse(byte[] packed) => Assert.Throws<BadInputException>(() => Read(packed)).Message;

    private static LogFile Read(byte[] packed)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, packed);
            return LogReader.Read(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Pack(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }
}
