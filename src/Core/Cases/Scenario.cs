// SPDX-License-Identifier: MIT

using TdxVerify.Core.Platform;

namespace TdxVerify.Core.Cases;

/// <summary>A machine, what happens to it, what goes wrong, and what the environment decides. One type for
/// everything.</summary>
public sealed class Scenario
{
    public Machine Machine { get; } = new();

    /// <summary>What a kernel was seen to do on it.</summary>
    public Observed Observed { get; } = new();

    /// <summary>What happens after boot, in order.</summary>
    public List<Step> Steps { get; } = [];

    public Faults Faults { get; } = new();
    public Choices Choices { get; } = new();

    /// <summary>Name of the host rules that the scenario asks for, a profile or a mutant, or null.</summary>
    public string? Profile { get; set; }

    /// <summary>Id of the property that the scenario was kept for, or null.</summary>
    public string? Property { get; set; }

    /// <summary>Memory blocks and zones are part of it.</summary>
    public bool HasHotplug
    {
        get
        {
            foreach (var step in Steps)
            {
                if (step.IsHotplug)
                    return true;
            }

            return false;
        }
    }

    public void Clear()
    {
        Machine.Clear();
        Observed.Clear();
        Steps.Clear();
        Faults.Clear();
        Choices.Clear();
        Profile = Property = null;
    }

    /// <summary>Copies from another, except for what was observed.</summary>
    public void CopyFrom(Scenario other)
    {
        Clear();
        Machine.CopyFrom(other.Machine);
        Steps.AddRange(other.Steps);
        Faults.CopyFrom(other.Faults);
        Choices.CopyFrom(other.Choices);
        Profile = other.Profile;
        Property = other.Property;
    }
}
