// SPDX-License-Identifier: MIT

using TdxVerify.Model.Cases;

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

    /// <summary>TDX is enabled during boot: before any memory can be added.</summary>
    public bool EnablesFirst { get; init; }

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
            EnvironmentFiller.FillQuick(ref draws, scenario);
            _sequences.Fill(ref draws, scenario);
            if (EnablesFirst && scenario.Steps.Remove(Step.Enable))
            {
                scenario.Steps.Insert(0, Step.Enable);
            }

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

        EnvironmentFiller.Fill(ref draws, scenario, mood);
        StepFiller.Fill(ref draws, scenario);
        return mood;
    }
}
