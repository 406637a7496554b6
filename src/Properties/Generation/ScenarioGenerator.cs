// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Generation;

/// <summary>Turns one 64-bit number into a scenario, in place and without allocating.</summary>
public sealed class ScenarioGenerator
{
    private readonly Strategy _mood;
    private readonly NearbyMachines? _nearby;
    private readonly SequenceGenerator _sequences = new();

    /// <summary>A filler of a mood.</summary>
    public ScenarioGenerator(Strategy mood) => _mood = mood;

    /// <summary>A filler that stays around a machine.</summary>
    public ScenarioGenerator(Scenario origin)
    {
        _mood = Strategy.Realistic;
        _nearby = new NearbyMachines(origin);
    }

    /// <summary>What kind of boots the kernel has.</summary>
    public KernelTraits Traits { get; init; }

    /// <summary>The mood of a case of the mixed mood.</summary>
    public static Strategy StrategyOf(ulong number) => (number & 1) == 0 ? Strategy.Realistic : Strategy.Adversarial;

    /// <summary>Refills a scenario with case number index of a seed.</summary>
    /// <returns>The mood that made it.</returns>
    public Strategy Fill(Scenario scenario, ulong seed, ulong index)
    {
        if (_mood == Strategy.Exhaustive)
        {
            SmallGrid.Fill(scenario, index % SmallGrid.Total);
            return Strategy.Exhaustive;
        }

        if (_mood == Strategy.Short)
        {
            ShortSequences.Fill(scenario, index % ShortSequences.Total);
            EnableDuringBoot(scenario);
            return Strategy.Short;
        }

        return Fill(scenario, SplitMix64.Number(seed, index));
    }

    /// <summary>Refills a scenario from a number.</summary>
    /// <returns>The mood that made it.</returns>
    public Strategy Fill(Scenario scenario, ulong number)
    {
        var mood = _mood == Strategy.Mixed ? StrategyOf(number) : _mood;
        var draws = new SplitMix64(number);
        scenario.Clear();
        if (mood == Strategy.Sequences)
        {
            SequenceMachines.Fill(ref draws, scenario);
            HandOver(ref draws, scenario.Machine);
            EnvironmentGenerator.FillQuick(ref draws, scenario);
            FillFeatures(ref draws, scenario);
            _sequences.Fill(ref draws, scenario);
            EnableDuringBoot(scenario);
            return mood;
        }

        if (_nearby is not null)
        {
            _nearby.Fill(ref draws, scenario);
        }
        else if (mood == Strategy.Realistic)
        {
            RealisticMachines.Fill(ref draws, scenario);
        }
        else
        {
            FreeFormMachines.Fill(ref draws, scenario);
        }

        if (mood == Strategy.Realistic && _nearby is null && (Traits & KernelTraits.TakesOneEntryMap) != 0)
        {
            OneEntryMaps.Fill(ref draws, scenario.Machine);
        }

        HandOver(ref draws, scenario.Machine);
        EnvironmentGenerator.Fill(ref draws, scenario, mood);
        FillFeatures(ref draws, scenario);
        StepGenerator.Fill(ref draws, scenario);
        EnableDuringBoot(scenario);
        return mood;
    }

    private void FillFeatures(ref SplitMix64 draws, Scenario scenario)
    {
        if ((Traits & KernelTraits.AsksForFeatures) != 0)
        {
            EnvironmentGenerator.FillFeatures(ref draws, scenario);
        }
    }

    private void HandOver(ref SplitMix64 draws, Machine machine)
    {
        if ((Traits & KernelTraits.ExtendsKhoScratch) != 0)
        {
            KhoScratchGenerator.Fill(ref draws, machine);
        }
    }

    /// <summary>An initcall runs once, in front of all that can happen.</summary>
    private void EnableDuringBoot(Scenario scenario)
    {
        if ((Traits & KernelTraits.EnablesDuringBoot) != 0)
        {
            scenario.Steps.RemoveAll(static s => s.Kind == StepKind.EnableTdx);
            scenario.Steps.Insert(0, Step.Enable);
        }
    }
}
