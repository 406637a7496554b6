// SPDX-License-Identifier: MIT

using TdxVerify.Model.Platform;

namespace TdxVerify.Model.Cases;

/// <summary>A machine, what happens to it, what goes wrong, and what the environment decides. One type for everything.</summary>
public sealed class Scenario
{
    /// <summary>Firmware's truth.</summary>
    public Machine Machine { get; } = new();

    /// <summary>What a kernel was seen to do on it.</summary>
    public Observed Observed { get; } = new();

    /// <summary>What happens after boot, in order.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>What goes wrong.</summary>
    public Faults Faults { get; } = new();

    /// <summary>What the environment decides.</summary>
    public Choices Choices { get; } = new();

    /// <summary>Name of the host-rules profile that the scenario asks for, or null.</summary>
    public string? Profile { get; set; }
}
