// SPDX-License-Identifier: MIT

namespace TdxVerify.Diagnosis;

/// <summary>A TDMR and the reserved areas it needs, counted apart from the host code, which stops at its
/// limit.</summary>
/// <param name="Range">The bytes of the TDMR.</param>
/// <param name="PamtBytes">Bytes of its PAMTs.</param>
/// <param name="PamtNid">Node that they are asked from.</param>
/// <param name="Holes">Memory that is not TDX memory, ascending.</param>
/// <param name="Pamts">Parts of PAMTs that lie in it.</param>
public sealed record TdmrUse(
    AddressRange Range,
    ulong PamtBytes,
    int PamtNid,
    IReadOnlyList<AddressRange> Holes,
    IReadOnlyList<AddressRange> Pamts)
{
    public int Used => Holes.Count + Pamts.Count;
}
