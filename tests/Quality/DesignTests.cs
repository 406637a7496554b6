// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Scenarios;
using TdxVerify.Search;
using TdxVerify.Search.Designs;

namespace TdxVerify.Tests.Quality;

/// <summary>The table of designs says what the threads found out.</summary>
public sealed class DesignTests : IDisposable
{
    private const ulong Cases = 6000;

    private readonly string _folder = Directory.CreateTempSubdirectory("tdxverify-designs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("boot-list", "H5")]
    [InlineData("boot-list", "H6")]
    [InlineData("boot-list-memblock", "A1")]
    [InlineData("online-blocks", "H13")]
    [InlineData("check-additions", "H14")]
    [InlineData("cmr-holes", "H6")]
    [InlineData("cmr-holes-v8.2", "A1")]
    [InlineData("together", "N1")]
    [InlineData("together-narrows", "N2")]
    [InlineData("together-enomem", "N4")]
    [InlineData("together-refuses", "N5")]
    public void BreaksWhatTheThreadsSay(string design, string invariant)
    {
        var verdict = Table(design).Single(v => v.Invariant.Id == invariant);
        Assert.NotNull(verdict.Broken);
        Assert.Null(verdict.Broken.Known);

        // The file that the table names shows it again.
        var kept = LogReader.Read(verdict.File!).Scenario;
        var judge = new CaseJudge(DesignCatalog.Find(kept.Profile!)!.Policy, MergedChoices.None, invariant);
        judge.Run(kept);
        Assert.Contains(judge.Judge(0, withMetamorphic: false), v => v.Property == invariant);
    }

    [Theory]
    [InlineData("boot-list-blocks", "H5")]
    [InlineData("boot-list-memblock", "H5")]
    [InlineData("subsys-initcall", "H5")]
    [InlineData("cmr-holes-v8.2", "H6")]
    [InlineData("union", "H11")]
    [InlineData("union", "H13")]
    [InlineData("together-refuses", "N1")]
    [InlineData("together-narrows", "N4")]
    [InlineData("together-enomem", "N2")]
    public void HoldsWhatTheThreadsSay(string design, string invariant) => Assert.Null(Table(design).Single(v => v.Invariant.Id == invariant).Broken);

    [Fact]
    public void TheUnionRuleBreaksNothingThatTheMergedOneHolds() => Assert.Empty(Table("union").Where(static v => v.Broken is { Known: null }));

    [Fact]
    public void TheMergedDesignIsHeldToNothingNew() => Assert.Equal(KernelPolicy.Merged, DesignCatalog.All[0].Policy);

    private IReadOnlyList<DesignVerdict> Table(string design) =>
        new DesignTable(Searches.Seed, Cases, 1, new FindingStore(_folder)).Judge(DesignCatalog.Find(design)!, CancellationToken.None);
}
