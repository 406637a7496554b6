// SPDX-License-Identifier: MIT

namespace TdxVerify.Properties.Facts;

/// <summary>
/// Whether TDMRs exist that the module would take, whatever the host does: one TDMR for every stretch of touched GiBs,
/// reserved areas only for what is not convertible, all PAMTs side by side in one stretch of memory. A sufficient
/// condition, never a guess.
/// </summary>
public sealed class Feasibility
{
    private const ulong BytesOfGib4K = 4 * Sizes.Mib;
    private const ulong BytesOfGib2M = 2 * Sizes.Page4K;
    private const ulong EntrySize = 16;

    private readonly RangeSet _stretches = new();

    /// <summary>True when such a table exists for a case in which tdx_enable() ran.</summary>
    public bool Exists(Machine machine, PageSets pages)
    {
        if (pages.Eligible.IsEmpty || !pages.Eligible.FirstOutside(pages.Convertible).IsEmpty
            || machine.Limits != ModuleLimits.Usual)
        {
            return false;
        }

        FindStretches(pages.Eligible);
        return _stretches.Ranges.Length <= machine.Limits.MaxTdmrs
            && FitsAreas(pages, machine.Limits.MaxReservedPerTdmr) && HasRoom(pages);
    }

    private void FindStretches(RangeSet eligible)
    {
        _stretches.Clear();
        foreach (ref readonly var range in eligible.Ranges)
        {
            _stretches.Add(
                new AddressRange(Pages.AlignDown(range.Start, Sizes.Page1G), Pages.AlignUp(range.End, Sizes.Page1G)));
        }

        _stretches.Close();
    }

    private bool FitsAreas(PageSets pages, int limit)
    {
        foreach (ref readonly var stretch in _stretches.Ranges)
        {
            // The stretch of PAMTs cuts one at most once.
            if (TdmrDemand.Holes(pages.Convertible.Ranges, stretch) + 1 > limit)
                return false;
        }

        return true;
    }

    private bool HasRoom(PageSets pages)
    {
        ulong needed = 0;
        foreach (ref readonly var stretch in _stretches.Ranges)
        {
            var gibs = stretch.Size / Sizes.Page1G;
            needed += (gibs * (BytesOfGib4K + BytesOfGib2M)) + Pages.AlignUp(gibs * EntrySize, Sizes.Page4K);
        }

        foreach (ref readonly var range in pages.Eligible.Ranges)
        {
            if (range.Size >= needed)
                return true;
        }

        return false;
    }
}
