// SPDX-License-Identifier: MIT

using TdxVerify.Confirmation;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Seamcall;
using TdxVerify.Model.TdxHost;
using TdxVerify.Properties.Generation;
using TdxVerify.Subjects;

namespace TdxVerify.Tests.Unit.Confirmation;

public sealed class LifeComparisonTests
{
    private static readonly HostProfile Profile = HostProfile.OfRelease("7.3")!;

    [Fact]
    public void TheModelAgreesWithItself()
    {
        var scenario = Update();

        Assert.Empty(new LifeComparison(Profile.Policy).Compare(scenario, Run(scenario)));
    }

    /// <summary>A module that refuses a leaf stands for a kernel that does something else.</summary>
    [Theory]
    [InlineData(SeamcallLeaf.SysShutdown)]
    [InlineData(SeamcallLeaf.SeamldrInstall)]
    [InlineData(SeamcallLeaf.SysUpdate)]
    public void AnUpdateThatFailsIsNoticed(ulong leaf)
    {
        var scenario = Update();
        scenario.Faults.Seamcalls.Add(new SeamcallFault(leaf, 1, 1, TdxStatus.OperandInvalid));
        var trace = Run(scenario);
        scenario.Faults.Seamcalls.Clear();

        var difference = Assert.Single(new LifeComparison(Profile.Policy).Compare(scenario, trace));
        Assert.Equal("ModuleUpdate 1: result", difference.Field);
    }

    /// <summary>One more try with the same end.</summary>
    [Fact]
    public void AnotherCallIsNoticed()
    {
        var scenario = Update();
        scenario.Faults.Seamcalls.Add(new SeamcallFault(SeamcallLeaf.SysShutdown, 1, 1, TdxStatus.RndNoEntropy));
        var trace = Run(scenario);
        scenario.Faults.Seamcalls.Clear();

        var difference = Assert.Single(new LifeComparison(Profile.Policy).Compare(scenario, trace));
        Assert.Equal("ModuleUpdate 1: calls", difference.Field);
    }

    /// <summary>A kernel without the driver can't take the step.</summary>
    [Fact]
    public void ASkippedStepIsNoDifference()
    {
        var scenario = Update();
        var trace = new Trace();
        var whole = Run(scenario);
        trace.EndBoot();
        foreach (var e in whole.Events)
            trace.Append(e);

        trace.EndStep(Step.Enable, 0);
        trace.Skip(scenario.Steps[1]);

        Assert.DoesNotContain(
            new LifeComparison(Profile.Policy).Compare(scenario, trace),
            static d => d.Field.StartsWith("ModuleUpdate", StringComparison.Ordinal));
    }

    private static Trace Run(Scenario scenario) =>
        new SubjectDriver(new ModelHost(Profile.Policy, Modules.Reloaded())).Run(scenario);

    private static Scenario Update()
    {
        var scenario = new Scenario();
        new BootableCases { HasTdx = true, Traits = KernelTraits.EnablesDuringBoot }
            .FillLayout(scenario, 1, 0);
        scenario.Faults.Clear();
        scenario.Choices.Cpus = 1;
        scenario.Steps.RemoveRange(1, scenario.Steps.Count - 1);
        scenario.Steps.Add(Step.ModuleUpdate());
        return scenario;
    }
}
