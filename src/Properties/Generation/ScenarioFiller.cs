// SPDX-License-Identifier: MIT

using TdxVerify.Core.Cases;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Generation;

/// <summary>Turns one 64-bit number into a scenario, in place and without allocating.</summary>
public sealed class ScenarioFiller
{
    private readonly Mood _mood;
    private readonly NearbyMachines? _nearby;
    private readonly SequenceFiller _sequences = new();

    /// <summary>A filler of a mood.</summary>
    public ScenarioFiller(Mood mood) => _mood = mood;

    /// <summary>A filler that stays around a machine.</summary>
    public ScenarioFiller(Scenario origin)
    {
        _mood = Mood.Realistic;
        _nearby = new NearbyMachines(origin);
    }

    /// <summary>What kind of boots the kernel has.</summary>
    public KernelTraits Traits { get; init; }

    /// <summary>The mood of a case of the mixed mood.</summary>
    public static Mood MoodOf(ulong number) => (number & 1) == 0 ? Mood.Realistic : Mood.Adversarial;

    /// <summary>Refills a scenario with case number index of a seed.</summary>
    /// <returns>The mood that made it.</returns>
    public Mood Fill(Scenario scenario, ulong seed, ulong index)
    {
        if (_mood == Mood.Exhaustive)
        {
            SmallGrid.Fill(scenario, index % SmallGrid.Total);
            return Mood.Exhaustive;
        }

        if (_mood == Mood.Short)
        {
            ShortSequences.Fill(scenario, index % ShortSequences.Total);
            EnableDuringBoot(scenario);
            return Mood.Short;
        }

        return Fill(scenario, Draws.Number(seed, index));
    }

    /// <summary>Refills a scenario from a number.</summary>
    /// <returns>The mood that made it.</returns>
    public Mood Fill(Scenario scenario, ulong number)
    {
        var mood = _mood == Mood.Mixed ? MoodOf(number) : _mood;
        var draws = new Draws(number);
        scenario.Clear();
        if (mood == Mood.Sequences)
        {
            SequenceMachines.Fill(ref draws, scenario);
            HandOver(ref draws, scenario.Machine);
            EnvironmentFiller.FillQuick(ref draws, scenario);
            FillFeatures(ref draws, scenario);
            _sequences.Fill(ref draws, scenario);
            EnableDuringBoot(scenario);
            return mood;
        }

        if (_nearby is not null)
        {
            _nearby.Fill(ref draws, scenario);
        }
        else if (mood == Mood.Realistic)
        {
            RealisticMachines.Fill(ref draws, scenario);
        }
        else
        {
            FreeFormMachines.Fill(ref draws, scenario);
        }

        if (mood == Mood.Realistic && _nearby is null && (Traits & KernelTraits.TakesOneEntryMap) != 0)
        {
            OneEntryMaps.Fill(ref draws, scenario.Machine);
        }

        HandOver(ref draws, scenario.Machine);
        EnvironmentFiller.Fill(ref draws, scenario, mood);
        FillFeatures(ref draws, scenario);
        StepFiller.Fill(ref draws, scenario);
        EnableDuringBoot(scenario);
        return mood;
    }

    private void FillFeatures(ref Draws draws, Scenario scenario)
    {
        if ((Traits & KernelTraits.AsksForFeatures) != 0)
        {
            EnvironmentFiller.FillFeatures(ref draws, scenario);
        }
    }

    private void HandOver(ref Draws draws, Machine machine)
    {
        if ((Traits & KernelTraits.ExtendsKhoScratch) != 0)
        {
            KhoScratchFiller.Fill(ref draws, machine);
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
