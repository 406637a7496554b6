// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;
using TdxVerify.Core.Addressing;

namespace TdxVerify.Core.Cases;

/// <summary>One table of a PAMT: bytes [Base, Base+Size).</summary>
/// <param name="Base">First byte.</param>
/// <param name="Size">Length in bytes.</param>
public readonly record struct PamtView(ulong Base, ulong Size)
{
    /// <summary>The bytes; cut at 2^64-1.</summary>
    public AddressRange Range => AddressRange.OfSize(Base, Size);
}

/// <summary>A reserved area: bytes from the TDMR's base.</summary>
/// <param name="Size">Length in bytes.</param>
public readonly record struct ReservedView(ulong Offset, ulong Size);

/// <summary>A TDMR as a subject shows it.</summary>
/// <param name="Base">First byte.</param>
/// <param name="Size">Length in bytes.</param>
/// <param name="FirstReserved">Index of its first reserved area in the table.</param>
/// <param name="ReservedCount">Number of its reserved areas; empty slots are not counted.</param>
public readonly record struct TdmrView(
    ulong Base, ulong Size, PamtView Pamt4K, PamtView Pamt2M, PamtView Pamt1G, int FirstReserved, int ReservedCount)
{
    /// <summary>The bytes; cut at 2^64-1.</summary>
    public AddressRange Range => AddressRange.OfSize(Base, Size);
}

/// <summary>TDMRs with their reserved areas, in memory that is used again.</summary>
public sealed class TdmrTable
{
    private readonly List<TdmrView> _tdmrs = [];
    private readonly List<ReservedView> _reserved = [];

    /// <summary>The TDMRs in table order.</summary>
    public ReadOnlySpan<TdmrView> Tdmrs => CollectionsMarshal.AsSpan(_tdmrs);

    /// <summary>The reserved areas of a TDMR in slot order.</summary>
    public ReadOnlySpan<ReservedView> Reserved(in TdmrView tdmr) =>
        CollectionsMarshal.AsSpan(_reserved).Slice(tdmr.FirstReserved, tdmr.ReservedCount);

    public void Clear()
    {
        _tdmrs.Clear();
        _reserved.Clear();
    }

    /// <summary>Adds a reserved area of the TDMR that is added next.</summary>
    public void AddReserved(ulong offset, ulong size) => _reserved.Add(new ReservedView(offset, size));

    /// <summary>Adds a TDMR; its reserved areas were added before.</summary>
    public void Add(ulong start, ulong size, PamtView pamt4K, PamtView pamt2M, PamtView pamt1G)
    {
        var first = _tdmrs.Count == 0 ? 0 : _tdmrs[^1].FirstReserved + _tdmrs[^1].ReservedCount;
        _tdmrs.Add(new TdmrView(start, size, pamt4K, pamt2M, pamt1G, first, _reserved.Count - first));
    }
}
