// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Reporting;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Reporting;

public sealed class AddressPictureTests
{
    [Fact]
    public void MemoryAloneFillsTheWidth() =>
        Assert.Equal(["0x100000000" + new string(' ', 72 - 22) + "0x140000000", new string('#', 72), ""], AddressPicture.Draw(R(4 * G, 5 * G), [], [], 16));

    [Fact]
    public void EveryLineIsAtMost72ColumnsAndThePictureExactly()
    {
        var lines = Islands(17);
        Assert.Equal((72, 72), (lines[0].Length, lines[1].Length));
        Assert.All(lines, static l => Assert.True(l.Length <= 72));
    }

    [Fact]
    public void AreaBeyondTheLimitIsMarkedUnderItsFirstColumn()
    {
        // 17 holes: the last reaches to the end.
        var lines = Islands(17);
        Assert.Equal("123456789abcdefg^", Marks(lines[2]));
        Assert.Equal(lines[1].LastIndexOf('#') + 1, lines[2].IndexOf('^', StringComparison.Ordinal));
    }

    [Fact]
    public void EveryAreaBeyondTheLimitIsMarked() => Assert.Equal("12^^", Marks(Islands(4, 2)[2]));

    [Fact]
    public void NothingIsMarkedWithinTheLimit() => Assert.Equal("123456789abcdefg", Marks(Islands(16)[2]));

    [Fact]
    public void MarksStandWhereAreasBegin()
    {
        var lines = Islands(5);
        var begins = Enumerable.Range(0, 72).Where(i => lines[1][i] == '.' && (i == 0 || lines[1][i - 1] != '.'));
        var marks = Enumerable.Range(0, lines[2].Length).Where(i => lines[2][i] != ' ');
        Assert.Equal(begins, marks);
    }

    /*
     *  |....####PPPP####|
     */
    [Fact]
    public void PiecesStandInAddressOrder()
    {
        var lines = AddressPicture.Draw(R(0, 4 * M), [R(0, M)], [R(2 * M, 3 * M)], 16);
        Assert.Equal(".#P#", Runs(lines[1]));
        Assert.Equal("12", Marks(lines[2]));
    }

    [Fact]
    public void PageBesideGibIsSeen() => Assert.Equal("#.#", Runs(AddressPicture.Draw(R(0, 64 * G), [R(G, G + 4096)], [], 16)[1]));

    [Fact]
    public void LargerPiecesAreWider()
    {
        var picture = AddressPicture.Draw(R(0, G), [R(0, 4096)], [], 16)[1];
        Assert.True(picture.Count(static c => c == '#') > picture.Count(static c => c == '.'));
    }

    [Fact]
    public void TouchingPamtsHaveAMarkEach() =>
        Assert.Equal("12", Marks(AddressPicture.Draw(R(0, G), [], [R(16 * M, 20 * M), R(20 * M, 24 * M)], 16)[2]));

    [Fact]
    public void MoreThan72PiecesTakeMorePictures()
    {
        // 40 holes and 40 pieces of memory.
        var lines = Islands(40);
        Assert.Equal(6, lines.Count);
        Assert.Equal((72, 72), (lines[1].Length, lines[4].Length));
        Assert.Equal(40, Marks(lines[2] + lines[5]).Length);
        Assert.Equal(24, Marks(lines[2] + lines[5]).Count(static c => c == '^'));
    }

    /// <summary>Memory and hole in turn, a MiB each, from address 0 on.</summary>
    private static IReadOnlyList<string> Islands(int holes, int limit = 16) =>
        AddressPicture.Draw(R(0, 2 * (ulong)holes * M), [.. Enumerable.Range(0, holes).Select(static i => R(((2 * (ulong)i) + 1) * M, ((2 * (ulong)i) + 2) * M))], [], limit);

    private static AddressRange R(ulong start, ulong end) => new(start, end);

    private static string Marks(string line) => line.Replace(" ", "", StringComparison.Ordinal);

    private static string Runs(string picture) => string.Concat(picture.Where((c, i) => i == 0 || picture[i - 1] != c));
}
