// SPDX-License-Identifier: MIT

using TdxVerify.Model.Addressing;
using TdxVerify.Model.Seamcall;

namespace TdxVerify.Model.TdxModule;

/// <summary>A TDMR in the module's table, and how far its PAMT is initialised.</summary>
internal sealed class ConfiguredTdmr
{
    private readonly List<AddressRange> _reserved = new(TdmrInfo.ReservedSlots);

    /// <summary>The bytes of the TDMR.</summary>
    public AddressRange Range { get; private set; }

    /// <summary>First byte that is not initialised.</summary>
    public ulong NextToInit { get; private set; }

    /// <summary>Another LP initialises it just now.</summary>
    public bool Locked { get; set; }

    /// <summary>Everything is initialised.</summary>
    public bool IsDone => NextToInit >= Range.End;

    /// <summary>The end of what is ready for use: whole GiB only.</summary>
    public ulong ReadyEnd => Pages.AlignDown(NextToInit, Sizes.Page1G);

    /// <summary>Takes over a checked TDMR_INFO.</summary>
    public void Set(TdmrInfo info)
    {
        Range = new AddressRange(info.Base, info.End);
        NextToInit = info.Base;
        Locked = false;
        _reserved.Clear();
        for (var slot = 0; slot < TdmrInfo.ReservedSlots && info.ReservedSize(slot) != 0; slot++)
        {
            _reserved.Add(AddressRange.OfSize(info.Base + info.Offset(slot), info.ReservedSize(slot)));
        }
    }

    /// <summary>Initialises some more, or (0) all of it.</summary>
    public void Advance(ulong bytes) => NextToInit = bytes == 0 ? Range.End : NextToInit + bytes;

    /// <summary>True for a page inside a reserved area.</summary>
    public bool IsReserved(ulong address) => _reserved.Exists(r => address >= r.Start && address < r.End);
}
