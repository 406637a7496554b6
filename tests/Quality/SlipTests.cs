// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Slips;

namespace TdxVerify.Tests.Quality;

/// <summary>The harness finds planted faults soon, and minds nothing else.</summary>
public sealed class SlipTests
{
    private const ulong Seed = 1;
    private const ulong Cases = 3000;

    public static TheoryData<string> Faults => [.. SlipCatalog.All.Where(static s => s.IsFault).Select(static s => s.Name)];

    public static TheoryData<string> NeutralVariants => [.. SlipCatalog.All.Where(static s => !s.IsFault).Select(static s => s.Name)];

    [Fact]
    public void TheMergedKernelBreaksNothingUnknown() => Assert.Null(FirstBreach(new CaseJudge(HostRules.Merged)));

    [Theory]
    [MemberData(nameof(Faults))]
    public void APlantedFaultIsFound(string name) => Assert.NotNull(FirstBreach(JudgeOf(name)));

    [Theory]
    [MemberData(nameof(NeutralVariants))]
    public void AChangeThatMustNotMatterIsNotMinded(string name) => Assert.Null(FirstBreach(JudgeOf(name)));

    private static CaseJudge JudgeOf(string name) => SlipCatalog.Find(name) is { } slip ? new(slip.Rules, slip.IsMerged) : throw new ArgumentException(name);

    private static string? FirstBreach(CaseJudge judge)
    {
        var filler = new ScenarioFiller(Mood.Mixed);
        var scenario = new Scenario();
        for (var index = 0UL; index < Cases; index++)
        {
            filler.Fill(scenario, Seed, index);
            judge.Run(scenario);
            foreach (var breach in judge.Judge(Sweep.HasRelations(index)))
            {
                if (breach.Known is null)
                {
                    return $"case {index}: {breach.Statement.Id}";
                }
            }
        }

        return null;
    }
}
