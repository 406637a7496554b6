// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Generation;

/// <summary>Turns one 64-bit number into a scenario, in place and without allocating.</summary>
public sealed class ScenarioGenerator
{
    private readonly Strategy _strategy;
    private readonly NearbyMachines? _nearby;
    private readonly SequenceGenerator _sequences = new();
    private readonly LifeGenerator _life = new();

    public ScenarioGenerator(Strategy strategy) => _strategy = strategy;

    /// <summary>A generator that stays around a machine.</summary>
    public ScenarioGenerator(Scenario origin)
    {
        _strategy = Strategy.Realistic;
        _nearby = new NearbyMachines(origin);
    }

    /// <summary>What kind of boots the kernel has.</summary>
    public KernelTraits Traits { get; init; }

    /// <summary>The strategy of a case of the mixed strategy.</summary>
    public static Strategy StrategyOf(ulong number) =>
        (number & 1) == 0 ? Strategy.Realistic
        : (number & 15) == 15 ? Strategy.Sequences
        : (number & 31) == 29 ? Strategy.Memblock
        : Strategy.Adversarial;

    /// <summary>Refills a scenario with case number index of a seed.</summary>
    /// <returns>The strategy that made it.</returns>
    public Strategy Fill(Scenario scenario, ulong seed, ulong index)
    {
        if (_strategy == Strategy.Exhaustive)
        {
            SmallGrid.Fill(scenario, index % SmallGrid.Total);
            return Strategy.Exhaustive;
        }

        if (_strategy == Strategy.Short)
        {
            ShortSequences.Fill(scenario, index % ShortSequences.Total);
            EnableDuringBoot(scenario);
            return Strategy.Short;
        }

        return Fill(scenario, SplitMix64.Number(seed, index));
    }

    /// <summary>Refills a scenario from a number.</summary>
    /// <returns>The strategy that made it.</returns>
    public Strategy Fill(Scenario scenario, ulong number)
    {
        var strategy = _strategy == Strategy.Mixed ? StrategyOf(number) : _strategy;
        var random = new SplitMix64(number);
        if (strategy == Strategy.Uniform)
        {
            FillUniformly(scenario, number);
            return strategy;
        }

        scenario.Clear();
        if (strategy == Strategy.Memblock)
        {
            MemblockMachines.Fill(ref random, scenario);
            return strategy;
        }

        if (strategy == Strategy.Sequences)
        {
            SequenceMachines.Fill(ref random, scenario);
            HandOver(ref random, scenario.Machine);
            EnvironmentGenerator.FillQuick(ref random, scenario);
            FillFeatures(ref random, scenario);
            _sequences.Fill(ref random, scenario);
            EnableDuringBoot(scenario);
            Live(ref random, scenario, 50);
            return strategy;
        }

        if (_nearby is not null)
            _nearby.Fill(ref random, scenario);
        else if (strategy == Strategy.Realistic)
            RealisticMachines.Fill(ref random, scenario);
        else
            FreeFormMachines.Fill(ref random, scenario);

        if (strategy == Strategy.Realistic && _nearby is null && (Traits & KernelTraits.TakesOneEntryMap) != 0)
            OneEntryMaps.Fill(ref random, scenario.Machine);

        HandOver(ref random, scenario.Machine);
        EnvironmentGenerator.Fill(ref random, scenario, strategy);
        FillFeatures(ref random, scenario);
        StepGenerator.Fill(ref random, scenario);
        EnableDuringBoot(scenario);
        Live(ref random, scenario, 30);
        return strategy;
    }

    private void Live(ref SplitMix64 random, Scenario scenario, int percent)
    {
        if ((Traits & KernelTraits.EnablesDuringBoot) != 0 && random.Chance(percent))
            _life.Fill(ref random, scenario);
    }

    private void FillUniformly(Scenario scenario, ulong number)
    {
        Span<byte> bytes = stackalloc byte[ScenarioDecoder.MaxBytes];
        ScenarioDecoder.Randomize(bytes, number);
        ScenarioDecoder.Fill(scenario, bytes);
        EnableDuringBoot(scenario);
    }

    private void FillFeatures(ref SplitMix64 random, Scenario scenario)
    {
        if ((Traits & KernelTraits.AsksForFeatures) != 0)
            EnvironmentGenerator.FillFeatures(ref random, scenario);
    }

    private void HandOver(ref SplitMix64 random, Machine machine)
    {
        if ((Traits & KernelTraits.ExtendsKhoScratch) != 0)
            KhoScratchGenerator.Fill(ref random, machine);
    }

    /// <summary>An initcall runs once, in front of all that can happen.</summary>
    public void EnableDuringBoot(Scenario scenario)
    {
        if ((Traits & KernelTraits.EnablesDuringBoot) != 0)
        {
            scenario.Steps.RemoveAll(static s => s.Kind == StepKind.EnableTdx);
            scenario.Steps.Insert(0, Step.Enable);
        }
    }
}
