// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.Hotplug;

/// <summary>Page frames [Start, End) that one zone has.</summary>
internal readonly record struct PageStretch(ulong Start, ulong End, Zone Zone);
