// SPDX-License-Identifier: MIT

using System.Text.Json;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Scenarios;

namespace TdxVerify.Tests.Unit.Scenarios;

public sealed class ScenarioRoundTripTests
{
    private const int Seeds = 2000;

    // Every public property, lists with their items in order.
    private static string Fields(Scenario scenario) => JsonSerializer.Serialize(scenario);

    [Fact]
    public void WrittenScenariosAreReadBackFieldByField()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var scenario = new RandomScenario(seed).Build();
            var text = ScenarioWriter.Write(scenario);
            var file = LogText.Read(text, isStrict: true);

            // Lines of our own make a log a scenario file.
            scenario.Observed.IsScenario = text.Contains("\ntdxverify: ", StringComparison.Ordinal) || text.StartsWith("tdxverify: ", StringComparison.Ordinal);
            Assert.True(Fields(scenario) == Fields(file.Scenario), $"seed {seed}\n{text}\nwrote {Fields(scenario)}\nread  {Fields(file.Scenario)}");
            Assert.Equal(text, ScenarioWriter.Write(file.Scenario));
            Assert.Equal((1, 0), (file.Boots, file.Diagnostics.Count));
        }
    }

    // Guards the test above: a comparison that sees nothing would never fail.
    [Fact]
    public void ComparisonSeesEveryPartOfAScenario()
    {
        var text = Fields(new RandomScenario(1).Build());
        foreach (var property in typeof(Machine).GetProperties().Concat(typeof(Observed).GetProperties()).Concat(typeof(Faults).GetProperties())
            .Concat(typeof(Choices).GetProperties()))
        {
            Assert.Contains($"\"{property.Name}\":", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void RandomScenariosHaveEveryKindOfPart()
    {
        var all = Enumerable.Range(0, Seeds).Select(static s => new RandomScenario(s).Build()).ToArray();
        Assert.Contains(all, static s => s.Machine.E820Changes.Count > 0 && s.Observed.LastPfn > 0);
        Assert.Contains(all, static s => s.Observed.OnlineMemory.Count > 1);
        Assert.Contains(all, static s => s.Choices.RecordedPamts.Contains(null));
        Assert.Contains(all, static s => s.Choices is { RecordedPamts.Count: > 0, Placement: PamtPlacement.FirstFit });
        Assert.Contains(all, static s => s.Choices is { TdmrInitStalls: true, Placement: PamtPlacement.Adversarial, PlacementBits: > 0 });
        Assert.Contains(all, static s => s.Observed is { Outcome: ObservedOutcome.Failed, FailedLeaf: not null });
        Assert.Contains(all, static s => s.Observed.SubsysInitcallWording);
        Assert.Contains(all, static s => s.Machine.E820.Exists(static e => e.End == ulong.MaxValue));
    }

    [Fact]
    public void EmptySlotOfACmrTableIsReadBack()
    {
        var scenario = new Scenario();
        scenario.Machine.E820.Add(new E820Entry(0x100000, 0x1000, E820Type.Ram));
        scenario.Machine.Cmrs.AddRange([new Cmr(0x100000, 0x1000), default]);
        Assert.Equal(scenario.Machine.Cmrs, LogText.Read(ScenarioWriter.Write(scenario), isStrict: true).Scenario.Machine.Cmrs);
    }

    [Fact]
    public void UsualChoicesAreNotWritten()
    {
        var scenario = new Scenario();
        scenario.Machine.E820.Add(new E820Entry(0x100000, 0x1000, E820Type.Ram));
        Assert.DoesNotContain("tdxverify: env", ScenarioWriter.Write(scenario), StringComparison.Ordinal);
    }

    [Fact]
    public void LinesEndInLineFeedAlone()
    {
        var text = ScenarioWriter.Write(new RandomScenario(7).Build());
        Assert.DoesNotContain('\r', text);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }
}
