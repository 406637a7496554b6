// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Model;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Facts;
using TdxVerify.Properties.Generation;
using TdxVerify.Properties.Invariants;
using TdxVerify.Search;
using TdxVerify.Subjects;

namespace TdxVerify.Tests.Unit.Properties.Invariants;

/// <summary>AS-MERGED invariants judge every host that decided as the merged code does, and no other.</summary>
public sealed class MergedChoicesTests
{
    [Theory]
    [InlineData("merged", MergedChoices.All)]
    [InlineData("6.8", MergedChoices.All)]
    [InlineData("7.0", MergedChoices.All)]
    [InlineData("7.3", MergedChoices.All)]
    [InlineData("dynamic-pamt", MergedChoices.All)]
    [InlineData("cmr-holes", MergedChoices.All & ~MergedChoices.HolesFromMemlist)]
    public void AProfileSaysWhatItDecidesAsMerged(string profile, MergedChoices choices) =>
        Assert.Equal(choices, HostProfile.Find(profile)!.Policy.MergedChoices);

    [Fact]
    public void TheOnesAsMergedAreAboutSomethingAndNoOthers() => Assert.All(
        PropertyCatalog.All.OfType<Invariant>(), static i => Assert.Equal(i.Class == PropertyClass.AsMerged, i.About != MergedChoices.None));

    [Fact]
    public void WhoDecidedOtherwiseIsLeftAlone()
    {
        var holes = PropertyCatalog.All.OfType<Invariant>().Single(static i => i.Id == "T15");
        Assert.NotEqual(VerdictKind.NotObservable, Judge(holes, MergedChoices.HolesFromMemlist));
        Assert.Equal(VerdictKind.NotObservable, Judge(holes, MergedChoices.All & ~MergedChoices.HolesFromMemlist));
    }

    private static VerdictKind Judge(Invariant invariant, MergedChoices choices)
    {
        var scenario = new Scenario();
        new ScenarioGenerator(Strategy.Realistic).Fill(scenario, 1, 2);
        var subject = new SubjectDriver(new ModelHost(KernelPolicy.Merged, Modules.Reloaded()));
        var facts = new CaseFacts();
        facts.Load(scenario, subject.Run(scenario), choices);
        return invariant.On(facts).Kind;
    }
}
