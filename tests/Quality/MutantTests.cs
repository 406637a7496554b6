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

    private static CaseJudge JudgeOf(string name) => MutantCatalog.Find(name) is { } mutant ? new(mutant.Rules, mutant.Choices) : throw new ArgumentException(name);

    private static string? FirstBreach(CaseJudge judge, Strategy strategy = Strategy.Mixed)
    {
        var generator = new ScenarioGenerator(strategy);
        var scenario = new Scenario();
        for (var index = 0UL; index < Cases; index++)
        {
            generator.Fill(scenario, Seed, index);
            judge.Run(scenario);
            foreach (var violation in judge.Judge(index, CampaignPlan.HasMetamorphic(index)))
            {
                if (violation.KnownIssue is null)
                {
                    return $"case {index}: {violation.Property}";
                }
            }
        }

        return null;
    }
}
