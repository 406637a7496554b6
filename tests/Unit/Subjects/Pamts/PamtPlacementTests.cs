// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Subjects;
using static TdxVerify.Tests.Unit.TestMachine;

namespace TdxVerify.Tests.Unit.Subjects.Pamts;

/// <summary>Page frames: a PAMT of a 1 GiB TDMR takes 1027 (0x403), of a 4 GiB TDMR 4105 (0x1009).</summary>
public sealed class PamtPlacementTests
{
    [Fact]
    public void FirstFitStartsAtTheLowEndOfZoneNormal() =>
        Assert.Equal([0x100000UL], Pfns(WithRam((4 * G, 5 * G, 0))));

    [Fact]
    public void FirstFitTakesZoneNormalBeforeDma32() =>
        Assert.Equal([0x100000UL, 0x100403], Pfns(WithRam((3 * G, 4 * G - M, 0), (4 * G, 5 * G, 0))));

    [Fact]
    public void FirstFitFallsBackToDma32AboveSixteenMib() =>
        Assert.Equal([0x1000UL], Pfns(WithRam((0, G, 0))));

    // (zone start + n - 1) & ~(n - 1), bit by bit although n is no power of two: 0x100100 + 0x402 = 0x100502, without 0x402: 0x100100.
    [Theory]
    [InlineData(0x100100UL, 0x100100UL)]
    [InlineData(0x100001UL, 0x100001UL)]
    [InlineData(0x100002UL, 0x100004UL)]
    [InlineData(0x100400UL, 0x100800UL)]
    public void FirstFitRoundsTheZoneStartBitwise(ulong zoneStart, ulong pfn) =>
        Assert.Equal([pfn], Pfns(WithRam((zoneStart * 4096, 5 * G, 0))));

    /*
     *  0x100000  0x100100        0x100800                 0x140000
     *  |####|......................|########################|
     *  ^ no          ^ no (0x100403)  ^ 0x100806: second step, the first that is all memory
     */
    [Fact]
    public void FirstFitStepsBySizeAndNeverTakesAHole() =>
        Assert.Equal([0x100806UL], Pfns(WithRam((4 * G, 4 * G + M, 0), (4 * G + (8 * M), 5 * G, 0))));

    [Fact]
    public void PamtComesFromTheNodeOfTheTdmr() =>
        Assert.Equal([0x100000UL, 0x200000], Pfns(WithRam((4 * G, 5 * G, 0), (8 * G, 9 * G, 1))));

    [Fact]
    public void NodeThatIsTooSmallBorrowsFromAnother() =>
        Assert.Equal([0x100000UL, 0x100403], Pfns(WithRam((4 * G, 5 * G, 0), (8 * G, 8 * G + M, 1))));

    [Fact]
    public void PamtNeverCrossesNodes()
    {
        // 3 MiB of node 0 and 4 MiB of node 1 touch; neither holds 1027 pages.
        var run = WithRam((4 * G, 4 * G + (3 * M), 0), (4 * G + (3 * M), 4 * G + (7 * M), 1)).WithPamts(PamtPlacement.FirstFit).Run();
        Assert.Equal(-12, run.Enabled());
    }

    [Fact]
    public void ExactFitIsTaken() =>
        Assert.Equal([0x100000UL], Pfns(WithRam((4 * G, 4 * G + (0x403 * 4096), 0))));

    [Fact]
    public void OnePageLessIsNotEnough() =>
        Assert.Equal(-12, WithRam((4 * G, 4 * G + (0x402 * 4096), 0)).WithPamts(PamtPlacement.FirstFit).Run().Enabled());

    [Fact]
    public void TopDownTakesTheEnd() =>
        Assert.Equal([0x140000UL - 0x403], Pfns(WithRam((4 * G, 5 * G, 0)), PamtPlacement.TopDown));

    [Fact]
    public void TopDownStacksDownwards() =>
        Assert.Equal([0x180000UL - 0x403, 0x180000UL - 0x806], Pfns(WithRam((4 * G, 5 * G - M, 0), (5 * G, 6 * G, 0)), PamtPlacement.TopDown));

    [Fact]
    public void BottomUpTakesTheStartAboveOneMib() =>
        Assert.Equal([0x100UL], Pfns(WithRam((0, G, 0)), PamtPlacement.BottomUp));

    [Fact]
    public void OutsideIsBehindAllMemory() =>
        Assert.Equal([1UL << 38, (1UL << 38) + 0x403], Pfns(WithRam((4 * G, 5 * G, 0), (6 * G, 7 * G, 0)), PamtPlacement.Outside));

    [Fact]
    public void RecordedAnswersAreRepeatedAndThenEnd()
    {
        var machine = WithRam((4 * G, 5 * G, 0), (6 * G, 7 * G, 0)).WithPamtsAt(0x120000, 0x190000);
        Assert.Equal([0x120000UL, 0x190000], Bases(machine.Run()));
        machine.Choices.RecordedPamts.RemoveAt(1);
        Assert.Equal(-12, machine.Run().Enabled());
    }

    [Theory]
    [InlineData(PamtPlacement.FirstFit)]
    [InlineData(PamtPlacement.TopDown)]
    [InlineData(PamtPlacement.BottomUp)]
    public void PamtsNeverOverlapAndLieInMemory(PamtPlacement placement)
    {
        var ram = Enumerable.Range(2, 6).Select(static i => ((ulong)(2 * i) * G, ((ulong)(2 * i) * G) + (12 * M), i % 2)).ToArray();
        var run = WithRam(ram).WithPamts(placement).Run();
        Assert.Equal((0, 6), (run.Enabled(), run.Tdmrs.Consumed));
        var chunks = run.Tdmrs.Tdmrs.Select(static t => t.PamtChunk).OrderBy(static c => c.Start).ToList();
        Assert.All(chunks, c => Assert.Contains(ram, r => c.Start >= r.Item1 && c.End <= r.Item2));
        Assert.All(chunks.Zip(chunks.Skip(1)), static pair => Assert.True(pair.First.End <= pair.Second.Start));
    }

    private static List<ulong> Pfns(TestMachine machine, PamtPlacement placement = PamtPlacement.FirstFit)
    {
        var run = machine.WithPamts(placement).Run();
        Assert.Equal(0, run.Enabled());
        return Bases(run);
    }

    private static List<ulong> Bases(ModelHost run) => [.. run.Tdmrs.Tdmrs.Select(static t => t.PamtChunk.Start / 4096)];
}
