// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Platform;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxModule;

/// <summary>The 32 slots of convertible memory that the firmware filled in. Slots of size 0 are skipped wherever they stand.</summary>
public sealed class CmrTable
{
    private readonly Cmr[] _slots = new Cmr[Cmr.MaxSlots];

    /// <summary>The raw slots.</summary>
    public ReadOnlySpan<Cmr> Slots => _slots;

    /// <summary>Fills the table; slots beyond the list are empty, ranges beyond the table are not taken.</summary>
    public void Set(IReadOnlyList<Cmr> cmrs)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            _slots[i] = i < cmrs.Count ? cmrs[i] : default;
        }
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

    /// <summary>The check of TDH.SYS.INIT: no wrap, plain first and last byte, 4 KiB aligned, ascending, disjoint.</summary>
    public bool IsValid(PhysicalAddressRules rules)
    {
        ulong previousEnd = 0;
        foreach (var cmr in _slots)
        {
            if (cmr.Size == 0)
            {
                continue;
            }

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
        ulong runStart = 0, previousEnd = 0;
        foreach (var cmr in _slots)
        {
            if (cmr.Size == 0)
            {
                continue;
            }

            if (cmr.Base != previousEnd)
            {
                runStart = cmr.Base;
            }

            if (start >= runStart && end <= cmr.End)
            {
                return true;
            }

            previousEnd = cmr.End;
        }

        return false;
    }
}
