// SPDX-License-Identifier: MIT

using TdxVerify.Core.Addressing;
using TdxVerify.Core.Platform;

namespace TdxVerify.Properties.Views;

/// <summary>
/// Whether TDMRs exist that the module would take, whatever the host does: one TDMR for every run of touched GiBs, reserved
/// areas only for what is not convertible, all PAMTs side by side in one stretch of memory. A sufficient condition, never a guess.
/// </summary>
public sealed class Feasibility
{
    private const ulong BytesOfGib4K = 4 * Sizes.Mib;
    private const ulong BytesOfGib2M = 2 * Sizes.Page4K;
    private const ulong EntrySize = 16;

    private readonly RangeSet _runs = new();

    /// <summary>True when such a table exists for a case in which tdx_enable() ran.</summary>
    public bool Exists(CaseView view)
    {
        var machine = view.Scenario.Machine;
        var pages = view.Pages;
        if (pages.Eligible.IsEmpty || !pages.Eligible.FirstOutside(pages.Convertible).IsEmpty || machine.Limits != ModuleLimits.Usual)
        {
            return false;
        }

        FindRuns(pages.Eligible);
        return _runs.Ranges.Length <= machine.Limits.MaxTdmrs && FitsAreas(pages, machine.Limits.MaxReservedPerTdmr) && HasRoom(pages);
    }

    private void FindRuns(RangeSet eligible)
    {
        _runs.Clear();
        foreach (ref readonly var range in eligible.Ranges)
        {
            _runs.Add(new AddressRange(Pages.AlignDown(range.Start, Sizes.Page1G), Pages.AlignUp(range.End, Sizes.Page1G)));
        }

        _runs.Close();
    }

    private bool FitsAreas(PageView pages, int limit)
    {
        foreach (ref readonly var run in _runs.Ranges)
        {
            // The stretch of PAMTs cuts a run at most once.
            if (TdmrDemand.Holes(pages.Convertible.Ranges, run) + 1 > limit)
            {
                return false;
            }
        }

        return true;
    }

    private bool HasRoom(PageView pages)
    {
        ulong needed = 0;
        foreach (ref readonly var run in _runs.Ranges)
        {
            var gibs = run.Size / Sizes.Page1G;
            needed += (gibs * (BytesOfGib4K + BytesOfGib2M)) + Pages.AlignUp(gibs * EntrySize, Sizes.Page4K);
        }

        foreach (ref readonly var range in pages.Eligible.Ranges)
        {
            if (range.Size >= needed)
            {
                return true;
            }
        }

        return false;
    }
}
