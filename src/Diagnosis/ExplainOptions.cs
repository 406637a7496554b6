// SPDX-License-Identifier: MIT

using TdxVerify.Model.TdxHost;

namespace TdxVerify.Diagnosis;

/// <summary>What the user knows better than the log.</summary>
/// <param name="Profile">The kernel's rules; null: as the log says.</param>
/// <param name="Module">The module's version; null: as the log says.</param>
/// <param name="Added">Memory that is hot-added before TDX is enabled.</param>
public sealed record ExplainOptions(HostProfile? Profile, ModuleVersion? Module, IReadOnlyList<Step> Added)
{
    public static ExplainOptions None { get; } = new(null, null, []);
}
