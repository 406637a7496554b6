// SPDX-License-Identifier: MIT

using System.Runtime.InteropServices;

namespace TdxVerify.Properties.Facts;

/// <summary>
/// The TDMRs that the memory of a case asks for and the reserved areas they need, counted apart from any host code: a
/// TDMR for every range that reaches into a GiB which none before it touches.
/// </summary>
public sealed class TdmrDemand
{
    private readonly List<AddressRange> _tdmrs = [];
    private readonly List<int> _pamtsIn = [];

    /// <summary>The TDMRs, ascending.</summary>
    public ReadOnlySpan<AddressRange> Tdmrs => CollectionsMarshal.AsSpan(_tdmrs);

    /// <summary>Most reserved areas of a TDMR: holes and PAMTs.</summary>
    public int MaxAreas { get; private set; }

    public AddressRange Fullest { get; private set; }
    public int PamtsOfFullest { get; private set; }

    /// <summary>A PAMT chunk shares bytes with two of them.</summary>
    public bool HasPamtAcross { get; private set; }

    /// <summary>True when a table holds these TDMRs, one by one.</summary>
    public bool IsExactly(ReadOnlySpan<TdmrView> tdmrs)
    {
        for (var i = 0; i < tdmrs.Length && i < _tdmrs.Count; i++)
        {
            if (tdmrs[i].Range != _tdmrs[i])
                return false;
        }

        return tdmrs.Length == _tdmrs.Count;
    }

    /// <summary>Counts for a case in which tdx_enable() ran.</summary>
    internal void Load(Snapshot before, ReadOnlySpan<AddressRange> chunks, RangeSet memory)
    {
        LoadTdmrs(before);
        CountPamts(chunks);
        MaxAreas = PamtsOfFullest = 0;
        Fullest = default;
        var eligible = memory.Ranges;
        var tdmrs = Tdmrs;
        for (int i = 0, first = 0; i < tdmrs.Length; i++)
        {
            while (first < eligible.Length && eligible[first].End <= tdmrs[i].Start)
                first++;

            var areas = Holes(eligible[first..], tdmrs[i]) + _pamtsIn[i];
            if (areas > MaxAreas)
            {
                MaxAreas = areas;
                PamtsOfFullest = _pamtsIn[i];
                Fullest = tdmrs[i];
            }
        }
    }

    /// <summary>Gaps that ascending ranges leave in a range.</summary>
    public static int Holes(ReadOnlySpan<AddressRange> pieces, AddressRange range)
    {
        var holes = 0;
        var at = range.Start;
        foreach (ref readonly var piece in pieces)
        {
            if (piece.Start >= range.End)
                break;

            if (piece.End > at)
            {
                holes += piece.Start > at ? 1 : 0;
                at = piece.End;
            }
        }

        return at < range.End ? holes + 1 : holes;
    }

    /// <summary>Counts the chunks that each TDMR shares a byte with.</summary>
    private void CountPamts(ReadOnlySpan<AddressRange> chunks)
    {
        CollectionsMarshal.SetCount(_pamtsIn, _tdmrs.Count);
        var counts = CollectionsMarshal.AsSpan(_pamtsIn);
        counts.Clear();
        HasPamtAcross = false;
        var tdmrs = Tdmrs;
        foreach (ref readonly var chunk in chunks)
        {
            var first = FirstEndingAbove(tdmrs, chunk.Start);
            for (var i = first; i < tdmrs.Length && tdmrs[i].Start < chunk.End; i++)
            {
                counts[i]++;
                HasPamtAcross |= i > first;
            }
        }
    }

    private static int FirstEndingAbove(ReadOnlySpan<AddressRange> ranges, ulong address)
    {
        var low = 0;
        var high = ranges.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = unchecked(ranges[middle].End - 1) >= address ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    private void LoadTdmrs(Snapshot snapshot)
    {
        _tdmrs.Clear();
        ulong covered = 0;
        foreach (ref readonly var region in snapshot.Memory)
        {
            var whole = PageSets.WholePages(region.Range);
            var start = Math.Max(whole.Start, Sizes.Mib);
            if (start >= whole.End)
                continue;

            var first = Math.Max(start / Sizes.Page1G, covered);
            var end = ((whole.End - 1) / Sizes.Page1G) + 1;
            if (end > first)
            {
                _tdmrs.Add(new AddressRange(first * Sizes.Page1G, end * Sizes.Page1G));
                covered = end;
            }
        }
    }
}
