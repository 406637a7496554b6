// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;
using TdxVerify.Properties.Generation;

namespace TdxVerify.Tests.Unit.Properties.Generation;

public sealed class BootableCasesTests
{
    private const int Cases = 500;

    public static TheoryData<bool, KernelTraits> Kernels => new()
    {
        { false, KernelTraits.None }, { true, KernelTraits.None }, { true, KernelTraits.EnablesDuringBoot },
    };

    [Theory]
    [MemberData(nameof(Kernels))]
    public void EveryCaseCanBeBooted(bool hasTdx, KernelTraits traits)
    {
        var scenario = new Scenario();
        foreach (var isLayout in (bool[])[true, false])
        {
            for (ulong i = 0; i < Cases; i++)
            {
                Fill(scenario, hasTdx, traits, isLayout, i);

                Assert.True(QemuFirmware.Has(scenario.Machine));
                Assert.All(scenario.Steps, static s => Assert.True(IsOfGuest(s.Kind) || IsOfLife(s.Kind), s.Kind.ToString()));
                Assert.True(traits != KernelTraits.None || !scenario.Steps.Exists(static s => IsOfLife(s.Kind)));
                var enables = scenario.Steps.Count(static s => s.Kind == StepKind.EnableTdx);
                Assert.True(hasTdx || enables == 0);
                Assert.True(traits == KernelTraits.None || scenario.Steps[0].Kind == StepKind.EnableTdx);
            }
        }
    }

    [Fact]
    public void OneSeedMakesTheSameCases()
    {
        var (one, other) = (new Scenario(), new Scenario());
        Fill(one, true, KernelTraits.None, false, 7);
        Fill(other, true, KernelTraits.None, true, 3);
        Fill(other, true, KernelTraits.None, false, 7);

        Assert.Equal(one.Steps, other.Steps);
        Assert.Equal(one.Machine.E820, other.Machine.E820);
        Assert.Equal(one.Machine.Options, other.Machine.Options);
    }

    /// <summary>What is to be met is met: holes, several nodes, memory above 4 GiB, failing calls, small limits.</summary>
    [Fact]
    public void ManyKindsOfMachinesAreMade()
    {
        var (holes, nodes, high, faults, limits, memoryless) = (0, 0, 0, 0, 0, 0);
        var scenario = new Scenario();
        for (ulong i = 0; i < Cases; i++)
        {
            Fill(scenario, true, KernelTraits.None, false, i);
            holes += scenario.Machine.Options.MemoryWords.Length > 0 ? 1 : 0;
            var sizes = QemuFirmware.NodesOf(scenario.Machine);
            nodes += sizes.Length > 1 ? 1 : 0;
            memoryless += sizes[^1] == 0 ? 1 : 0;
            high += scenario.Machine.E820.Exists(static e => e.Type == E820Type.Ram && e.Address >= Sizes.Gib4) ? 1 : 0;
            faults += scenario.Faults.Seamcalls.Count;
            limits += scenario.Machine.Limits != ModuleLimits.Usual ? 1 : 0;
        }

        Assert.All(
            (int[])[holes, nodes, high, faults, limits, memoryless], static count => Assert.True(count > Cases / 50));
    }

    private static void Fill(Scenario scenario, bool hasTdx, KernelTraits traits, bool isLayout, ulong index)
    {
        var cases = new BootableCases { HasTdx = hasTdx, Traits = traits };
        if (isLayout)
            cases.FillLayout(scenario, 1, index);
        else
            cases.FillSequence(scenario, 1, index);
    }

    private static bool IsOfLife(StepKind kind) =>
        kind is StepKind.ModuleUpdate or StepKind.KeyIdAlloc or StepKind.KeyIdFree;

    private static bool IsOfGuest(StepKind kind) => kind is StepKind.EnableTdx or StepKind.BlockOnline
        or StepKind.BlockOffline or StepKind.AutoOnline or StepKind.PlugDimm or StepKind.UnplugDimm
        or StepKind.CpuOnline or StepKind.CpuOffline;
}
