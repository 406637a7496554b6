// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>The parts of a TDMR between its reserved areas, ascending.</summary>
internal sealed class AvailableParts
{
    private readonly AddressRange[] _parts = new AddressRange[TdmrInfo.ReservedSlots + 1];
    private int _count;

    /// <summary>
    /// Parts as bytes [start, end). One is empty only when all 16 slots are used and the last area ends at the TDMR's
    /// end: the empty tail, which module 1.0 does not skip.
    /// </summary>
    public ReadOnlySpan<AddressRange> Parts => _parts.AsSpan(0, _count);

    /// <summary>Takes the parts of a TDMR whose reserved areas are checked: ascending, disjoint, inside, no gap of
    /// empty slots.</summary>
    public void Set(TdmrInfo tdmr)
    {
        _count = 0;
        var start = tdmr.Base;
        var slot = 0;
        for (; slot < TdmrInfo.ReservedSlots && tdmr.ReservedSize(slot) != 0; slot++)
        {
            var area = tdmr.Base + tdmr.Offset(slot);
            if (area != start)
                _parts[_count++] = new AddressRange(start, area);

            start = area + tdmr.ReservedSize(slot);
        }

        if (slot == TdmrInfo.ReservedSlots || start != tdmr.End)
            _parts[_count++] = new AddressRange(start, tdmr.End);
    }

    /// <summary>True when a byte of [start, end), which is not empty, is in a part.</summary>
    public bool Hit(ulong start, ulong end)
    {
        for (var i = 0; i < _count && _parts[i].Start < end; i++)
        {
            if (start < _parts[i].End && !_parts[i].IsEmpty)
                return true;
        }

        return false;
    }
}
