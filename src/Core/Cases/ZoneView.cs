// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>A zone as it was after a step; page frames [Start, Start+Spanned), holes included.</summary>
/// <param name="Start">zone_start_pfn.</param>
public readonly record struct ZoneView(int Nid, ZoneKind Kind, ulong Start, ulong Spanned, ulong Present);
