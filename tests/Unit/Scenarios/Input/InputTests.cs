// SPDX-License-Identifier: MIT

using System.IO.Compression;
using System.Text;
using TdxVerify.Core.Addressing;
using TdxVerify.Scenarios;
using TdxVerify.Scenarios.Input;

namespace TdxVerify.Tests.Unit.Scenarios.Input;

public sealed class InputTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-input").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, byte[] content)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, content);
        return path;
    }

    private string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    private static byte[] Zip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private static List<string> LinesOf(string text, int mostChars = 100)
    {
        using var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(text)), mostChars);
        var lines = new List<string>();
        while (reader.Read() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    [Fact]
    public void PlainFileIsRead() => Assert.Single(LogReader.Read(Write("a.log", LogText.Map)).Scenario.Machine.E820);

    [Fact]
    public void GzipIsToldByItsContent() => Assert.Single(LogReader.Read(Write("a.log", Zip(LogText.Map))).Scenario.Machine.E820);

    [Fact]
    public void GzipOfGarbageIsAnError() =>
        Assert.Throws<BadInputException>(() => LogReader.Read(Write("a.gz", [0x1f, 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9])));

    [Fact]
    public void BinaryDataIsAnError() =>
        Assert.True(Assert.Throws<BadInputException>(() => LogReader.Read(Write("a.bin", [0x7f, 0x45, 0, 0, 1]))).IsUnrecognised);

    [Fact]
    public void MissingFileIsAnErrorThatNamesIt()
    {
        var path = Path.Combine(_folder, "none.log");
        Assert.Equal(path + ": no such file or folder", Assert.Throws<BadInputException>(() => LogReader.Read(path)).Message);
        Assert.Equal(path + ": no such file or folder", Assert.Throws<BadInputException>(() => InputFile.Expand(path)).Message);
    }

    [Fact]
    public void FileAndStandardInputAreThemselves()
    {
        var path = Write("a.log", "x");
        Assert.Equal([new InputName(path, IsNamed: true)], InputFile.Expand(path));
        Assert.Equal([new InputName("-", IsNamed: true)], InputFile.Expand("-"));
    }

    [Fact]
    public void FolderIsItsFilesInOrdinalOrder()
    {
        string[] paths = [Write("B.log", "x"), Write("a.log", "x"), Write("a/z.log", "x")];
        Assert.Equal(paths.Order(StringComparer.Ordinal), InputFile.Expand(_folder).Select(static f => f.Path));
        Assert.DoesNotContain(InputFile.Expand(_folder), static f => f.IsNamed);
    }

    [Fact]
    public void EmptyFolderIsAnError() => Assert.Throws<BadInputException>(() => InputFile.Expand(_folder));

    [Fact]
    public void SysfsFolderIsOneInput()
    {
        Write("block_size_bytes", "8000000\n");
        Write("memory0/phys_index", "00000000\n");
        Write("memory0/state", "online\n");
        Write("memory0/node0/x", "");
        Write("memory33/phys_index", "00000021\n");
        Write("memory33/state", "online\n");
        Write("memory33/node1/x", "");
        Write("memory34/phys_index", "00000022\n");
        Write("memory34/state", "offline\n");
        Assert.Equal([new InputName(_folder, IsNamed: true)], InputFile.Expand(_folder));
        Assert.Equal([new PfnRange(0, 0x8000, 0), new PfnRange(0x108000, 0x110000, 1)], LogReader.Read(_folder).Scenario.Observed.OnlineMemory);
    }

    [Theory]
    [InlineData("a\nb\n")]
    [InlineData("a\r\nb\r\n")]
    [InlineData("a\nb")]
    [InlineData("\ufeffa\nb")]
    public void LinesEndInEitherWayAndTheLastMayBeOpen(string text) => Assert.Equal(["a", "b"], LinesOf(text));

    [Fact]
    public void EmptyLinesCount() => Assert.Equal(["", "a", "", "b"], LinesOf("\na\n\nb"));

    [Fact]
    public void LongLineIsCutAndFlagged()
    {
        using var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes("abcdef\nabc\n")), 4);
        Assert.Equal(("abcd", true, 1L), (reader.Read(), reader.WasCut, reader.Number));
        Assert.Equal(("abc", false, 2L), (reader.Read(), reader.WasCut, reader.Number));
    }

    [Fact]
    public void LineLongerThanTheBufferStaysOneLine()
    {
        var text = new string('x', 100_000);
        Assert.Equal([text, "y"], LinesOf(text + "\ny", 200_000));
    }

    [Fact]
    public void QuoteCutsLongTextAndHidesControls()
    {
        Assert.Equal("'a?b'", BadInputException.Quote("a\tb"));
        Assert.Equal("'" + new string('x', 60) + "...'", BadInputException.Quote(new string('x', 61)));
    }
}
