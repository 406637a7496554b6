// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Cases;

/// <summary>Boots of running kernels with memory hotplug: recognised, and judged once hotplug is modelled.</summary>
internal sealed class HotplugCases : ICaseFormat
{
    /// <inheritdoc/>
    public string Name => "running kernel, memory hotplug";

    /// <inheritdoc/>
    public string? NotApplicable => "memory hotplug is not modelled yet";

    /// <inheritdoc/>
    public bool Matches(JsonElement recorded) =>
        recorded.TryGetProperty("steps", out _) && recorded.TryGetProperty("setup", out _) && recorded.TryGetProperty("initial", out _);

    /// <inheritdoc/>
    public IReadOnlyList<CaseDifference> Run(JsonElement recorded) => [];
}
