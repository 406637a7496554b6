// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Search;

namespace TdxVerify.Tests.Unit.Properties.Generation;

/// <summary>A kernel is only searched with boots that it can have.</summary>
public sealed class KernelTraitsTests
{
    private const ulong Count = 3000;

    [Theory]
    [InlineData("6.8", KernelTraits.None)]
    [InlineData("6.12", KernelTraits.None)]
    [InlineData("7.0", KernelTraits.None)]
    [InlineData("7.2", KernelTraits.EnablesDuringBoot | KernelTraits.AsksForFeatures | KernelTraits.TakesOneEntryMap)]
    [InlineData("7.3", KernelTraits.EnablesDuringBoot | KernelTraits.AsksForFeatures | KernelTraits.TakesOneEntryMap | KernelTraits.ExtendsKhoScratch)]
    public void TheyFollowFromTheProfile(string release, KernelTraits traits) =>
        Assert.Equal(traits, KernelUnderTest.TraitsOf(HostProfile.Find(release)!.Policy));

    [Theory]
    [InlineData(Strategy.Mixed)]
    [InlineData(Strategy.Sequences)]
    [InlineData(Strategy.Short)]
    public void AnInitcallRunsOnceInFrontOfAll(Strategy strategy) => Assert.All(
        Scenarios(strategy, KernelTraits.EnablesDuringBoot, static s => !HasTdx(s)
            || (s.Steps.FindAll(static t => t.Kind == StepKind.EnableTdx).Count == 1 && s.Steps[0] == Step.Enable)),
        Assert.True);

    // Memblock alone.
    private static bool HasTdx(Scenario scenario) => scenario.Steps.Count > 0 || scenario.Machine.KeyIds?.TdxKeyIds != 0;

    [Fact]
    public void OtherKernelsAddMemoryBeforeAndEnableTwice()
    {
        Assert.Contains(true, Scenarios(Strategy.Mixed, KernelTraits.None, static s => s.Steps.Count > 0 && s.Steps[0].Kind == StepKind.AddMemory));
        Assert.Contains(true, Scenarios(Strategy.Mixed, KernelTraits.None, static s => s.Steps.FindAll(static t => t.Kind == StepKind.EnableTdx).Count > 1));
    }

    [Fact]
    public void OneMapEntryIsMadeOnlyWhereItCounts()
    {
        Assert.Contains(true, Scenarios(Strategy.Realistic, KernelTraits.TakesOneEntryMap, static s => s.Machine.E820.Count == 1));
        Assert.DoesNotContain(true, Scenarios(Strategy.Realistic, KernelTraits.ExtendsKhoScratch, static s => s.Machine.E820.Count == 1));
    }

    // |ssss####ssss| : what a handover keeps and what it doesn't meet at whole GiBs, and nothing else is marked.
    [Theory]
    [InlineData(Strategy.Realistic)]
    [InlineData(Strategy.Adversarial)]
    [InlineData(Strategy.Sequences)]
    public void ScratchLiesInRunsOfGibs(Strategy strategy)
    {
        Assert.DoesNotContain(true, Scenarios(strategy, KernelTraits.EnablesDuringBoot, static s => s.Machine.MemblockCalls.Exists(IsScratch)));
        Assert.InRange(Scenarios(strategy, KernelTraits.ExtendsKhoScratch, static s => s.Machine.MemblockCalls.Exists(IsScratch)).Count(static b => b), 100, 600);
        Assert.All(
            Scenarios(strategy, KernelTraits.ExtendsKhoScratch, static s => s.Machine.MemblockCalls.FindAll(IsScratch).TrueForAll(static c => c.Address % Sizes.Page1G == 0)),
            Assert.True);
    }

    [Fact]
    public void MirroredMemoryHasEdgesAbove4Gib() => Assert.Contains(
        true, Scenarios(Strategy.Realistic, KernelTraits.None, static s => s.Machine.Mirrored.Exists(static r => r.Start > Sizes.Gib4 && r.Start % (128 * Sizes.Mib) != 0)));

    private static bool IsScratch(MemblockCall call) => call.Kind == MemblockCallKind.MarkKhoScratch;

    private static List<bool> Scenarios(Strategy strategy, KernelTraits traits, Predicate<Scenario> predicate)
    {
        var generator = new ScenarioGenerator(strategy) { Traits = traits };
        var scenario = new Scenario();
        var answers = new List<bool>();
        for (ulong i = 0; i < Count; i++)
        {
            generator.Fill(scenario, 5, i);
            answers.Add(predicate(scenario));
        }

        return answers;
    }
}
