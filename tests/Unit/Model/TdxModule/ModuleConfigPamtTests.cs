// SPDX-License-Identifier: MIT

using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxModule;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Model.TdxModule;

/// <summary>Checks of TDH.SYS.CONFIG on PAMTs and convertible memory. Info bytes: TDMR, level (0 4K, 1 2M, 2 1G), other TDMR.</summary>
public sealed class ModuleConfigPamtTests
{
    private const ulong InvalidPamt = 0xC0000A1000000000;
    private const ulong OutsideCmrs = 0xC0000A1100000000;
    private const ulong Overlap = 0xC0000A1200000000;
    private const ulong TdmrOutside = 0xC0000A0200000000;

    private readonly ModuleBench _bench = new ModuleBench().To(ModuleState.SysInitDone);

    [Theory]
    [InlineData(ulong.MaxValue - (4 * M) + 1, 4 * M)]
    [InlineData((100 * G) + 512, 4 * M)]
    [InlineData(100 * G, (4 * M) + 512)]
    [InlineData(1UL << 52, 4 * M)]
    [InlineData(1UL << 46, 4 * M)]
    [InlineData((1UL << 46) - M, 4 * M)]
    [InlineData(100 * G, (4 * M) - 4096)]
    [InlineData(100 * G, 0UL)]
    public void IllegalPamt(ulong start, ulong size) =>
        Assert.Equal(InvalidPamt, _bench.Config(With(0, PamtLevel.Level4K, start, size)));

    [Theory]
    [InlineData(PamtLevel.Level4K, 0x001UL)]
    [InlineData(PamtLevel.Level2M, 0x101UL)]
    [InlineData(PamtLevel.Level1G, 0x201UL)]
    public void IllegalPamtNamesTdmrAndLevel(PamtLevel level, ulong info) =>
        Assert.Equal(InvalidPamt + info, _bench.Config(ModuleBench.Tdmr(0), With(1, level, 110 * G, 0)));

    [Fact]
    public void LargestLevelIsCheckedFirst()
    {
        var tdmr = With(0, PamtLevel.Level4K, 1, 1);
        tdmr.SetPamt(PamtLevel.Level2M, 1, 1);
        Assert.Equal(InvalidPamt + 0x100, _bench.Config(tdmr));
        tdmr.SetPamt(PamtLevel.Level1G, 1, 1);
        Assert.Equal(InvalidPamt + 0x200, _bench.Config(tdmr));
    }

    [Fact]
    public void LargerPamtThanNeededIsFine() =>
        Assert.Equal(0UL, _bench.Config(With(0, PamtLevel.Level4K, 110 * G, 64 * M)));

    // The PAMT of TDMR 0 at FirstPamt: 4K table [0, 4M), 2M table [4M, +8K), 1G table [4M + 8K, +4K).
    [Theory]
    [InlineData(PamtLevel.Level4K, 4 * M, 0UL, 0x000001UL)]
    [InlineData(PamtLevel.Level4K, 4 * M, (4 * M) + (8 * K), 0x000001UL)]
    [InlineData(PamtLevel.Level2M, 8 * K, 0UL, 0x000101UL)]
    [InlineData(PamtLevel.Level2M, 8 * K, (4 * M) + (4 * K), 0x000101UL)]
    [InlineData(PamtLevel.Level1G, 4 * K, (4 * M) - (4 * K), 0x000201UL)]
    [InlineData(PamtLevel.Level1G, 4 * K, (4 * M) + (8 * K), 0x000201UL)]
    public void PamtOnAnEarlierPamt(PamtLevel level, ulong size, ulong offset, ulong info) =>
        Assert.Equal(Overlap + info, _bench.Config(ModuleBench.Tdmr(0), With(1, level, ModuleBench.FirstPamt + offset, size)));

    [Fact]
    public void TouchingPamtsAreFine() =>
        Assert.Equal(0UL, _bench.Config(ModuleBench.Tdmr(0), With(1, PamtLevel.Level4K, ModuleBench.FirstPamt + (4 * M) + (12 * K), 4 * M)));

    [Theory]
    [InlineData(PamtLevel.Level2M, 8 * K, 0UL, 0x010001UL)]
    [InlineData(PamtLevel.Level1G, 4 * K, 0UL, 0x010001UL)]
    [InlineData(PamtLevel.Level1G, 4 * K, 4 * M, 0x010101UL)]
    public void OwnLevelsMustNotOverlap(PamtLevel level, ulong size, ulong offset, ulong info)
    {
        var own = ModuleBench.FirstPamt + ModuleBench.PamtStride;
        Assert.Equal(Overlap + info, _bench.Config(ModuleBench.Tdmr(0), With(1, level, own + offset, size)));
    }

    /*
     *  TDMR 0 |----------| TDMR 1 |----P-----|      P, a PAMT, in memory that is not reserved
     */
    [Theory]
    [InlineData(PamtLevel.Level4K, 4 * M, 0x000000UL)]
    [InlineData(PamtLevel.Level2M, 8 * K, 0x000100UL)]
    [InlineData(PamtLevel.Level1G, 4 * K, 0x000200UL)]
    public void PamtInItsOwnMemory(PamtLevel level, ulong size, ulong info) =>
        Assert.Equal(Overlap + info, _bench.Config(With(0, level, (4 * G) + (16 * M), size)));

    [Fact]
    public void PamtInTheMemoryOfAnEarlierTdmr() =>
        Assert.Equal(Overlap + 0x000101, _bench.Config(ModuleBench.Tdmr(0), With(1, PamtLevel.Level2M, 4 * G, 8 * K)));

    [Fact]
    public void PamtInTheMemoryOfALaterTdmrNamesTheEarlierFirst() =>
        Assert.Equal(Overlap + 0x010200, _bench.Config(With(0, PamtLevel.Level1G, 5 * G, 4 * K), ModuleBench.Tdmr(1)));

    // Reserved [16M, 32M): a PAMT may fill it, and not by a page more.
    [Theory]
    [InlineData(16UL, 4UL, 0UL)]
    [InlineData(28UL, 4UL, 0UL)]
    [InlineData(12UL, 4UL, Overlap)]
    [InlineData(32UL, 4UL, Overlap)]
    [InlineData(30UL, 4UL, Overlap)]
    [InlineData(14UL, 24UL, Overlap)]
    public void PamtMayLieInAReservedArea(ulong offset, ulong mib, ulong status)
    {
        var tdmr = With(0, PamtLevel.Level4K, (4 * G) + (offset * M), mib * M);
        tdmr.SetReserved(0, 16 * M, 16 * M);
        Assert.Equal(status, _bench.Config(tdmr));
    }

    [Fact]
    public void PamtMayCrossTouchingReservedAreas()
    {
        var tdmr = With(0, PamtLevel.Level4K, (4 * G) + (14 * M), 4 * M);
        tdmr.SetReserved(0, 12 * M, 4 * M);
        tdmr.SetReserved(1, 16 * M, 4 * M);
        Assert.Equal(0UL, _bench.Config(tdmr));
    }

    [Fact]
    public void PamtMayCrossTheReservedEdgesOfTwoTdmrs()
    {
        var first = With(0, PamtLevel.Level4K, (5 * G) - (2 * M), 4 * M);
        first.SetReserved(0, G - (2 * M), 2 * M);
        var second = ModuleBench.Tdmr(1);
        second.SetReserved(0, 0, 2 * M);
        second.SetReserved(0, 0, M);
        Assert.Equal(Overlap + 0x010000, _bench.Config(first, second));
        second.SetReserved(0, 0, 2 * M);
        Assert.Equal(0UL, _bench.Config(first, second));
    }

    [Fact]
    public void TailBehindSixteenAreasIsMemory()
    {
        var tdmr = With(0, PamtLevel.Level4K, (4 * G) + (512 * M), 4 * M);
        Assert.Equal(Overlap, _bench.Config(Reserve(tdmr, 16)));
        tdmr.SetReserved(15, 30 * M, G - (30 * M));
        Assert.Equal(0UL, _bench.Config(tdmr));
    }

    [Theory]
    [InlineData(PamtLevel.Level4K, 4 * M, 0x001UL)]
    [InlineData(PamtLevel.Level2M, 8 * K, 0x101UL)]
    [InlineData(PamtLevel.Level1G, 4 * K, 0x201UL)]
    public void PamtOutsideCmrsNamesTdmrAndLevel(PamtLevel level, ulong size, ulong info) =>
        Assert.Equal(OutsideCmrs + info, _bench.Config(ModuleBench.Tdmr(0), With(1, level, 200 * G, size)));

    [Fact]
    public void LargestLevelOutsideCmrsIsNamedFirst()
    {
        var tdmr = With(0, PamtLevel.Level4K, 200 * G, 4 * M);
        tdmr.SetPamt(PamtLevel.Level1G, 201 * G, 4 * K);
        Assert.Equal(OutsideCmrs + 0x200, _bench.Config(tdmr));
    }

    [Theory]
    [InlineData((4 * G) + 4096, 5 * G)]
    [InlineData(4 * G, (5 * G) - 4096)]
    public void MemoryMustLieInCmrs(ulong start, ulong end) =>
        Assert.Equal(TdmrOutside, _bench.WithCmrs((start, end), (100 * G, 101 * G)).Config(ModuleBench.Tdmr(0)));

    // CMRs [4G, 4G+256M) and [4G+512M, 5G): the gap must be reserved, and all of it.
    [Theory]
    [InlineData(256UL, 256UL, 0UL)]
    [InlineData(128UL, 512UL, 0UL)]
    [InlineData(256UL, 255UL, TdmrOutside)]
    [InlineData(257UL, 255UL, TdmrOutside)]
    public void GapOfCmrsMustBeReserved(ulong offset, ulong mib, ulong status)
    {
        _bench.WithCmrs((4 * G, (4 * G) + (256 * M)), ((4 * G) + (512 * M), 5 * G), (100 * G, 101 * G));
        var tdmr = ModuleBench.Tdmr(0);
        tdmr.SetReserved(0, offset * M, mib * M);
        Assert.Equal(status, _bench.Config(tdmr));
    }

    [Fact]
    public void MemoryMayCrossTouchingCmrs() =>
        Assert.Equal(0UL, _bench.WithCmrs((4 * G, (4 * G) + (256 * M)), ((4 * G) + (256 * M), 5 * G), (100 * G, 101 * G)).Config(ModuleBench.Tdmr(0)));

    [Fact]
    public void FullyReservedTdmrNeedsNoCmr()
    {
        var tdmr = ModuleBench.Tdmr(0);
        tdmr.SetReserved(0, 0, G);
        Assert.Equal(0UL, _bench.WithCmrs((100 * G, 101 * G)).Config(tdmr));
    }

    [Fact]
    public void StatusNamesTheTdmrOutsideCmrs() =>
        Assert.Equal(TdmrOutside + 2, _bench.WithCmrs((4 * G, 6 * G), (100 * G, 101 * G)).Config(ModuleBench.Tdmr(0), ModuleBench.Tdmr(1), ModuleBench.Tdmr(2)));

    [Fact]
    public void FirstTdmrIsJudgedWhollyBeforeTheSecondIsRead()
    {
        var broken = ModuleBench.Tdmr(1);
        broken.Size = 0;
        Assert.Equal(TdmrOutside, _bench.WithCmrs((100 * G, 101 * G)).Config(ModuleBench.Tdmr(0), broken));
    }

    // From the last check to the first, each defect hides those before it in this list.
    [Fact]
    public void ChecksComeInTheModulesOrder()
    {
        _bench.WithCmrs((100 * G, 101 * G));
        var tdmr = ModuleBench.Tdmr(0);
        Assert.Equal(TdmrOutside, _bench.Config(tdmr));
        tdmr.SetPamt(PamtLevel.Level2M, 200 * G, 8 * K);
        Assert.Equal(OutsideCmrs + 0x100, _bench.Config(tdmr));
        tdmr.SetPamt(PamtLevel.Level1G, 4 * G, 4 * K);
        Assert.Equal(Overlap + 0x200, _bench.Config(tdmr));
        tdmr.SetPamt(PamtLevel.Level2M, 100 * G, 8 * K);
        Assert.Equal(Overlap, _bench.Config(tdmr));
        tdmr.SetPamt(PamtLevel.Level2M, 200 * G, 0);
        Assert.Equal(InvalidPamt + 0x100, _bench.Config(tdmr));
        tdmr.SetReserved(0, 1, 1);
        Assert.Equal(0xC0000A2000000000, _bench.Config(tdmr));
        tdmr.Size = M;
        Assert.Equal(0xC0000A0000000000, _bench.Config(tdmr));
    }

    private static TdmrInfo With(int i, PamtLevel level, ulong start, ulong size)
    {
        var tdmr = ModuleBench.Tdmr(i);
        tdmr.SetPamt(level, start, size);
        return tdmr;
    }

    /// <summary>Areas of 1 MiB, 2 MiB apart.</summary>
    private static TdmrInfo Reserve(TdmrInfo tdmr, int count)
    {
        for (var slot = 0; slot < count; slot++)
        {
            tdmr.SetReserved(slot, (ulong)slot * 2 * M, M);
        }

        return tdmr;
    }
}
