// SPDX-License-Identifier: MIT

namespace TdxVerify.Model.TdxModule;

/// <summary>A TDMR in the module's table, and how far its PAMT is initialised.</summary>
internal sealed class ConfiguredTdmr
{
    private readonly AddressRange[] _reserved = new AddressRange[TdmrInfo.ReservedSlots];
    private int _reservedCount;

    /// <summary>The bytes of the TDMR.</summary>
    public AddressRange Range { get; private set; }

    /// <summary>First byte that is not initialised.</summary>
    public ulong NextToInit { get; private set; }

    public bool Locked { get; set; }
    public bool IsDone => NextToInit >= Range.End;

    /// <summary>The end of what is ready for use: whole GiB only.</summary>
    public ulong ReadyEnd => Pages.AlignDown(NextToInit, Sizes.Page1G);

    public void Set(TdmrInfo info)
    {
        Range = new AddressRange(info.Base, info.End);
        NextToInit = info.Base;
        Locked = false;
        _reservedCount = 0;
        while (_reservedCount < TdmrInfo.ReservedSlots && info.ReservedSize(_reservedCount) != 0)
        {
            _reserved[_reservedCount] =
                AddressRange.OfSize(info.Base + info.Offset(_reservedCount), info.ReservedSize(_reservedCount));
            _reservedCount++;
        }
    }

    public void Advance(ulong bytes) => NextToInit = bytes == 0 ? Range.End : NextToInit + bytes;

    public bool IsReserved(ulong address)
    {
        for (var i = 0; i < _reservedCount; i++)
        {
            if (address >= _reserved[i].Start && address < _reserved[i].End)
                return true;
        }

        return false;
    }
}
