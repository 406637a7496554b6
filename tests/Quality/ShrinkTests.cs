// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Properties.Shrinking;
using TdxVerify.Scenarios;
using TdxVerify.Search;

namespace TdxVerify.Tests.Quality;

/// <summary>Same fault, same smallest scenario, whatever the seed: ten slips, each with the scenario that a person would write.</summary>
public sealed class ShrinkTests
{
    private const ulong M = 0x100000;
    private const ulong Pamt = 0x403000;
    private const int Seeds = 20;
    private const int MaxEvaluations = 300;

    /// <summary>Mutant, statement, and what differs from one range [1 MiB, 1 MiB + a PAMT) that is enabled.</summary>
    public static TheoryData<string, string> Mutants => new()
    {
        { "entry-without-nid", "L7" }, { "boot-snapshot", "L6" }, { "end-rounded-down", "T3" }, { "sort-missing", "T10" }, { "head-forgotten", "T15" },
        { "pamt-not-own", "T16" }, { "entropy-once", "S23" }, { "memlist-kept", "L8" }, { "online-overlap", "H1" }, { "key-every-cpu", "S4" },
    };

    [Theory]
    [MemberData(nameof(Mutants))]
    public void TheSmallestScenarioIsReached(string slip, string statement)
    {
        var expected = ScenarioWriter.Write(Smallest(slip, statement));
        var reached = 0;
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            var options = Searches.Options(slip, 20_000, seed, statement);
            var finding = Finding.Of(Searches.FirstUnknown(slip, 20_000, seed, statement)!.Value, options);
            Assert.InRange(finding.Evaluations, 1, MaxEvaluations);
            reached += ScenarioWriter.Write(finding.Smallest) == expected ? 1 : 0;
        }

        Assert.InRange(reached, Seeds * 95 / 100, Seeds);
    }

    [Fact]
    public void EveryCandidateIsSmaller()
    {
        foreach (var slip in (string[])["first-mib-kept", "areas-one-more", "entropy-once", "tdmrs-one-less", "merge-never", "online-count-as-end"])
        {
            var options = Searches.Options(slip, 20_000);
            var found = Searches.FirstUnknown(slip, 20_000)!.Value;
            var scenario = new Scenario();
            options.CreateGenerator().Fill(scenario, options.Seed, found.Case);
            var judge = (options with { PropertyCatalog = [found.Breach.Property.Id] }).CreateJudge();
            var tried = 0;
            var shrinker = new Shrinker(
                s =>
                {
                    judge.Run(s);
                    return judge.Judge(withMetamorphic: true).Any(static b => b.Known is null);
                },
                1000,
                (from, candidate) =>
                {
                    tried++;
                    Assert.True(ScenarioMeasure.Of(candidate) < ScenarioMeasure.Of(from));
                });
            shrinker.Shrink(scenario);
            Assert.InRange(tried, 1, 1000);
        }
    }

    [Fact]
    public void AShrinkerAsksNoMoreThanItMay()
    {
        var scenario = new Scenario();
        new Properties.Generation.ScenarioGenerator(Properties.Generation.Strategy.Adversarial).Fill(scenario, 7);
        var asked = 0;
        new Shrinker(
            _ =>
            {
                asked++;
                return false;
            },
            10).Shrink(scenario);
        Assert.Equal(10, asked);
    }

    [Fact]
    public void AKnownIssueIsNotSlidOnto()
    {
        // Beside the too small limit, shrinking passes machines that have too many holes anyway.
        var options = Searches.Options("areas-one-less", 20_000, Searches.Seed, "A1");
        var finding = Finding.Of(Searches.FirstUnknown("areas-one-less", 20_000, Searches.Seed, "A1")!.Value, options);
        var judge = options.CreateJudge();
        judge.Run(finding.Smallest);
        Assert.Null(Assert.Single(judge.Judge(withMetamorphic: false)).Known);
        Assert.Equal(16, judge.View.Demand.MaxAreas);
    }

    private static Scenario Smallest(string slip, string statement)
    {
        var scenario = new Scenario { Profile = slip, Property = statement };
        var machine = scenario.Machine;
        machine.KeyIds = KeyIdPartition.Usual;
        machine.Cmrs.Add(new Cmr(M, (1UL << 43) - M));
        scenario.Choices.TdmrInitStep = 0;
        scenario.Steps.Add(Step.Enable);
        switch (slip)
        {
            case "entry-without-nid":
                Add(machine, M, Pamt, nid: 1);
                break;
            case "boot-snapshot":
                Add(machine, M, Pamt);
                scenario.Steps.Insert(0, Step.OnMemory(StepKind.AddMemory, M + Pamt + 0x1000, 0x1000));
                break;
            case "end-rounded-down":
                // A page beyond 1 GiB, and room for the PAMT of the GiB below it.
                Add(machine, 0x40001000 - Pamt - 0x1000, Pamt + 0x1000);
                break;
            case "entropy-once":
                scenario.Faults.Seamcalls.Add(new SeamcallFault(33, 1, 1, 0x8000020300000000));
                break;
            case "memlist-kept":
                // Too small for a PAMT: -ENOMEM without any fault.
                Add(machine, M, 0x1000);
                break;
            case "online-overlap":
                Add(machine, M, Pamt);
                scenario.Steps.Add(Step.GoingOnline(0xff, 2));
                break;
            case "key-every-cpu":
                Add(machine, M, Pamt);
                scenario.Choices.Cpus = scenario.Choices.CpusPerPackage = 2;
                break;
            default:
                Add(machine, M, Pamt);
                break;
        }

        return scenario;
    }

    private static void Add(Machine machine, ulong start, ulong size, int nid = 0) =>
        machine.MemblockCalls.Add(new MemblockCall(MemblockCallKind.Add, start, size, nid, 0));
}
