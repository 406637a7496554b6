// SPDX-License-Identifier: MIT

using System.Text.Json;

namespace TdxVerify.Conformance.Hotplug;

/// <summary>Boots of running kernels with memory hotplug: the reference agrees step by step.</summary>
internal sealed class HotplugCases : ICaseFormat
{
    public string Name => "running kernel, memory hotplug";

    /// <inheritdoc/>
    public bool Matches(JsonElement recorded) =>
        recorded.TryGetProperty("steps", out _) && recorded.TryGetProperty("setup", out _)
            && recorded.TryGetProperty("initial", out _);

    /// <inheritdoc/>
    public int Steps(JsonElement recorded) => recorded.GetProperty("steps").GetArrayLength();

    /// <inheritdoc/>
    public IReadOnlyList<CaseDifference> Run(JsonElement recorded) => new HotplugReplay(recorded).Run();
}
