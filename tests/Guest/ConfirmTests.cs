// SPDX-License-Identifier: MIT

using TdxVerify.Confirmation;
using TdxVerify.Conformance;
using TdxVerify.Core.Cases;
using TdxVerify.Subjects.Guest.Kernels;

namespace TdxVerify.Tests.Guest;

/// <summary>A short form of 'tdxverify confirm --qemu'.</summary>
public sealed class ConfirmTests
{
    private const int Workers = 2;

    [Theory]
    [InlineData("6.12")]
    [InlineData("7.3")]
    public void DebiansOwnKernelsDoWhatTheModelSays(string release)
    {
        var verdicts = Run(GuestKernelSource.RequireStock(release), layouts: 2, sequences: 4);

        Assert.Equal(6, verdicts.Count);
        Assert.All(verdicts, static v => Assert.True(v.Kind.Length == 0, Describe(v)));
        Assert.True(verdicts.Sum(static v => v.Steps) > 60);
    }

    [Theory]
    [InlineData("6.12")]
    [InlineData("7.3")]
    public void KernelsWithTdxDoWhatTheModelSays(string release)
    {
        var verdicts = Run(GuestKernelSource.RequireTdx(release), layouts: 8, sequences: 4);

        Assert.All(verdicts, static v => Assert.True(v.Kind.Length == 0, Describe(v)));
        Assert.True(verdicts.Count(static v => v.IsInitialized) > 6);
        Assert.True(verdicts.Sum(static v => v.Refused) > 3);
    }

    /// <summary>By the files of the tdx-host driver, as fwupd does it.</summary>
    [Fact]
    public void TheModuleOfARunningKernelIsReplaced()
    {
        var kernel = GuestKernelSource.RequireTdx("7.3");
        Assert.SkipWhen(kernel.Modules.Count == 0, "the kernel was built without its tdx-host driver");
        var plan = new ConfirmPlan(kernel, 1, 0, 20, 1, Workers);
        var scenario = GuestCampaign.Cases(plan)[0];
        scenario.Steps.RemoveRange(1, scenario.Steps.Count - 1);
        scenario.Steps.AddRange(
            Step.ModuleUpdate(image: ModuleImage.WrongMagic), Step.ModuleUpdate(), Step.ModuleUpdate(image: ModuleImage.Largest),
            Step.Alone(StepKind.KeyIdAlloc), Step.Numbered(StepKind.KeyIdFree, 33));
        var verdicts = new List<GuestVerdict>();
        GuestCampaign.Run(plan, [scenario], verdicts.Add, TestContext.Current.CancellationToken);

        Assert.True(verdicts[0].Kind.Length == 0, Describe(verdicts[0]));
        Assert.True(verdicts[0].IsInitialized);
        Assert.Equal(6, verdicts[0].Steps);
    }

    /// <summary>Without a first process a kernel panics, and qemu ends in the middle of what it is asked.</summary>
    [Fact]
    public void AKernelThatDiesIsAFinding()
    {
        var kernel = GuestKernelSource.RequireStock("6.12");
        var plan = new ConfirmPlan(kernel, 1, 0, 20, 1, Workers);
        var scenario = GuestCampaign.Cases(plan)[0];
        scenario.Machine.Options = scenario.Machine.Options with { HotplugWords = "rdinit=/none init=/none" };
        var verdicts = new List<GuestVerdict>();
        GuestCampaign.Run(plan, [scenario, scenario], verdicts.Add, TestContext.Current.CancellationToken);

        Assert.Equal(2, verdicts.Count);
        Assert.All(verdicts, static v => Assert.Contains("Kernel panic", v.End, StringComparison.Ordinal));
        Assert.All(verdicts, static v => Assert.Equal("the kernel did not come back", v.Kind));
    }

    /// <summary>What is judged is a record as anybody can make it.</summary>
    [Fact]
    public void ARecordThatSaysOtherwiseIsNoticed()
    {
        var verdict = Run(GuestKernelSource.RequireStock("6.12"), layouts: 0, sequences: 1)[0];
        var text = verdict.Record.GetRawText();
        var changed = text.Replace("\"result\":\"OK\"", "\"result\":\"EPERM\"", StringComparison.Ordinal);

        Assert.NotEqual(text, changed);
        using var document = System.Text.Json.JsonDocument.Parse(changed);
        Assert.NotEmpty(ConformanceRun.JudgeBoot(document.RootElement));
    }

    private static List<GuestVerdict> Run(GuestKernel kernel, int layouts, int sequences)
    {
        var verdicts = new List<GuestVerdict>();
        var plan = new ConfirmPlan(kernel, layouts, sequences, 20, 1, Workers);
        GuestCampaign.Run(
            plan, GuestCampaign.Cases(plan), verdicts.Add, TestContext.Current.CancellationToken);
        return verdicts;
    }

    private static string Describe(GuestVerdict verdict) =>
        $"case {verdict.Case}: {verdict.Kind}\n{verdict.End}\n{string.Join('\n', verdict.Splats)}\n"
            + $"{string.Join('\n', verdict.Differences)}\n{string.Join('\n', verdict.Violations)}";
}
