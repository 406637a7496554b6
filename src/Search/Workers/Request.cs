// SPDX-License-Identifier: MIT

namespace TdxVerify.Search.Workers;

/// <summary>A request: cases [First, Last), a scenario to evaluate, or neither to stop the batch that runs.</summary>
internal sealed record Request(ulong First, ulong Last, string? Scenario, bool WithReport = false);
