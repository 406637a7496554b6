// SPDX-License-Identifier: MIT

namespace TdxVerify.Core.Cases;

/// <summary>A memory block as it was after a step.</summary>
/// <param name="Nid">Its node, the last one of several.</param>
/// <param name="Zone">Its zone; null: it has several, or is offline.</param>
public readonly record struct BlockView(ulong Start, ulong End, bool IsOnline, int Nid, ZoneKind? Zone);
