// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>Page frames [Start, End) that one zone has.</summary>
/// <param name="Start">First page frame.</param>
/// <param name="End">First page frame after them.</param>
/// <param name="Zone">The zone.</param>
internal readonly record struct PageRun(ulong Start, ulong End, Zone Zone);
