// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;
using TdxVerify.Search.Mutants;

namespace TdxVerify.Tests.Quality;

/// <summary>The harness finds planted faults soon, and minds nothing else.</summary>
public sealed class MutantTests
{
    private const ulong Seed = 1;
    private const ulong Cases = 3000;

    public static TheoryData<string> Faults => [.. MutantCatalog.All.Where(static s => s.IsFault).Select(static s => s.Name)];

    public static TheoryData<string> EquivalentMutants => [.. MutantCatalog.All.Where(static s => !s.IsFault).Select(static s => s.Name)];

    [Fact]
    public void TheMergedKernelBreaksNothingUnknown() => Assert.Null(FirstBreach(new CaseJudge(HostRules.Merged)));

    [Fact]
    public void TheMergedKernelBreaksNothingUnknownInSequences() => Assert.Null(FirstBreach(new CaseJudge(HostRules.Merged), Strategy.Sequences));

    [Theory]
    [MemberData(nameof(Faults))]
    public void APlantedFaultIsFound(string name) => Assert.NotNull(FirstBreach(JudgeOf(name), MutantCatalog.Find(name)!.Strategy));

    [Theory]
    [MemberData(nameof(EquivalentMutants))]
    public void AChangeThatMustNotMatterIsNotMinded(string name) => Assert.Null(FirstBreach(JudgeOf(name)) ?? FirstBreach(JudgeOf(name), Strategy.Sequences));

    private static CaseJudge JudgeOf(string name) => MutantCatalog.Find(name) is { } slip ? new(slip.Rules, slip.Choices) : throw new ArgumentException(name);

    private static string? FirstBreach(CaseJudge judge, Strategy mood = Strategy.Mixed)
    {
        var filler = new ScenarioGenerator(mood);
        var scenario = new Scenario();
        for (var index = 0UL; index < Cases; index++)
        {
            filler.Fill(scenario, Seed, index);
            judge.Run(scenario);
            foreach (var breach in judge.Judge(index, CampaignPlan.HasMetamorphic(index)))
            {
                if (breach.KnownIssue is null)
                {
                    return $"case {index}: {breach.Property}";
                }
            }
        }

        return null;
    }
}
