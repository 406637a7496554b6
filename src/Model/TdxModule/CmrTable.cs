// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>The 32 slots of convertible memory that the firmware filled in. Slots of size 0 are skipped wherever they
/// stand.</summary>
public sealed class CmrTable
{
    private readonly Cmr[] _slots = new Cmr[Cmr.MaxSlots];
    private readonly AddressRange[] _runs = new AddressRange[Cmr.MaxSlots];
    private int _filled;
    private int _used;
    private int _runCount;

    public ReadOnlySpan<Cmr> Slots => _slots;

    /// <summary>Fills the table; slots beyond the list are empty, ranges beyond the table are not taken.</summary>
    public void Set(IReadOnlyList<Cmr> cmrs)
    {
        var count = Math.Min(cmrs.Count, _slots.Length);
        _used = 0;
        for (var i = 0; i < count; i++)
        {
            _slots[i] = cmrs[i];
            _used = _slots[i].Size == 0 ? _used : i + 1;
        }

        if (_filled > count)
            Array.Clear(_slots, count, _filled - count);

        _filled = count;
        FindRuns();
    }

    /// <summary>Writes all slots as CMR_INFO entries, 16 bytes each.</summary>
    public void WriteTo(IHostMemory memory, ulong address)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            memory.Write(address + (16 * (ulong)i), _slots[i].Base);
            memory.Write(address + (16 * (ulong)i) + 8, _slots[i].Size);
        }
    }

    /// <summary>The check of TDH.SYS.INIT: no wrap, plain first and last byte, 4 KiB aligned, ascending,
    /// disjoint.</summary>
    public bool IsValid(PhysicalAddressRules rules)
    {
        ulong previousEnd = 0;
        foreach (var cmr in _slots.AsSpan(0, _used))
        {
            if (cmr.Size == 0)
                continue;

            if (PhysicalAddressRules.Wraps(cmr.Base, cmr.Size)
                || !rules.IsPlain(cmr.Base)
                || !rules.IsPlain(cmr.End - 1)
                || !Pages.IsAligned(cmr.Base, Sizes.Page4K)
                || !Pages.IsAligned(cmr.Size, Sizes.Page4K)
                || cmr.Base < previousEnd)
            {
                return false;
            }

            previousEnd = cmr.End;
        }

        return true;
    }

    /// <summary>is_area_in_cmr(): bytes [start, end) lie in one run of touching CMRs.</summary>
    public bool Contains(ulong start, ulong end)
    {
        foreach (ref readonly var run in _runs.AsSpan(0, _runCount))
        {
            if (start >= run.Start && end <= run.End)
                return true;
        }

        return false;
    }

    /// <summary>A run starts where a CMR does not touch the one before it; of a defective list that wraps, the highest
    /// end counts.</summary>
    private void FindRuns()
    {
        _runCount = 0;
        ulong start = 0, previousEnd = 0, end = 0;
        for (var i = 0; i < _used; i++)
        {
            var cmr = _slots[i];
            if (cmr.Size == 0)
                continue;

            if (_runCount == 0 || cmr.Base != previousEnd)
            {
                start = cmr.Base;
                end = 0;
                _runCount++;
            }

            previousEnd = cmr.End;
            end = Math.Max(end, previousEnd);
            _runs[_runCount - 1] = new AddressRange(start, end);
        }
    }
}
